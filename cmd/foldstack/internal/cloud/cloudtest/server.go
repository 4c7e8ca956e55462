package cloudtest

import (
	"cmp"
	"encoding/json"
	"encoding/xml"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
)

// Caller is the name of whoever signs in.
const Caller = "arn:aws:sts::111111111111:assumed-role/acme-build/session"

// Server is AWS in this process. Its fields are set before it is asked anything.
type Server struct {
	URL         string
	PageSize    int   // keys on a page of a list
	MinPartSize int64 // of every part but the last
	StackPage   int   // stacks, events and resources on a page of CloudFormation's
	Looks       int   // how often somebody looks before an operation of CloudFormation has come to its end

	// TokensAreSpent makes CloudFormation refuse a call whose token it has seen, instead of
	// answering what it answered before: it is documented to do either.
	TokensAreSpent bool

	// OnStore is told of every object and image that is stored, by its key.
	OnStore func(region, key string, data []byte)

	lock       sync.Mutex
	account    string // whose credentials they are that name no account
	buckets    map[string]*bucket
	registries map[string]*registry // by region
	pipelines  map[string]*Pipeline // by account/region/name
	before     func(Call) Fault
	calls      []Call
	uploads    int
	formation  *cloudFormation
	keys       map[place]map[string]*key // by id
	disabled   map[string]string         // regions of accounts, and their states, where that is not enabled
	connected  string                    // the state of connections to a source
	http       *httptest.Server
}

// Call is what somebody asked for.
type Call struct {
	Service   string // as requests are signed for it
	Operation string // as IAM or the registry's protocol names it
	Account   string // whose credentials it is made with, unless it is the registry
	Region    string
	Key       string
	Part      string
	OnlyNew   bool // it says If-None-Match: *
}

func (c Call) String() string {
	return strings.TrimRight(strings.Join([]string{c.Region, c.Operation, c.Key, c.Part}, " "), " ")
}

// Writes reports a call that stores something.
func (c Call) Writes() bool {
	return c.Operation != "AssumeRole" && !slices.ContainsFunc([]string{"Get", "List", "Describe", "BatchGet"}, func(verb string) bool {
		return strings.HasPrefix(c.Operation, verb)
	})
}

// New starts a server without buckets and repositories.
func New() *Server {
	s := &Server{
		account: "111111111111", PageSize: 1000, MinPartSize: 5 << 20, StackPage: 100, Looks: 3,
		buckets: map[string]*bucket{}, registries: map[string]*registry{}, disabled: map[string]string{}, connected: "PENDING", formation: newCloudFormation(),
		keys: map[place]map[string]*key{},
	}
	s.http = httptest.NewServer(s)
	s.URL = s.http.URL
	return s
}

// Start starts a server that the SDK asks in this test, which ends with it.
func Start(t testing.TB) *Server {
	t.Helper()
	s := New()
	t.Cleanup(s.Close)
	for name, value := range s.Environment() {
		t.Setenv(name, value)
	}
	return s
}

// Close stops it.
func (s *Server) Close() {
	s.http.CloseClientConnections()
	s.http.Close()
	for _, r := range s.registries {
		r.http.CloseClientConnections()
		r.http.Close()
	}
}

// Account is whose credentials those of Environment are.
func (s *Server) Account() string {
	s.lock.Lock()
	defer s.lock.Unlock()
	return s.account
}

// SignIn makes the credentials of Environment those of another account.
func (s *Server) SignIn(account string) {
	s.lock.Lock()
	defer s.lock.Unlock()
	s.account = account
}

// Environment is what tells the SDK to ask this server and nobody else, by name.
func (s *Server) Environment() map[string]string {
	return map[string]string{
		"AWS_ENDPOINT_URL":            s.URL,
		"AWS_ACCESS_KEY_ID":           "AKIDEXAMPLE",
		"AWS_SECRET_ACCESS_KEY":       "example",
		"AWS_SESSION_TOKEN":           "",
		"AWS_EC2_METADATA_DISABLED":   "true",
		"AWS_CONFIG_FILE":             "/nonexistent",
		"AWS_SHARED_CREDENTIALS_FILE": "/nonexistent",
		"AWS_PROFILE":                 "",
		"AWS_CA_BUNDLE":               "",
	}
}

// Calls are those that have arrived since the last Forget, in their order.
func (s *Server) Calls() []Call {
	s.lock.Lock()
	defer s.lock.Unlock()
	return slices.Clone(s.calls)
}

// DistinctCalls are the calls, each once, in an order that is the same in every run.
func (s *Server) DistinctCalls() []Call {
	calls := s.Calls()
	slices.SortFunc(calls, func(a, b Call) int {
		return cmp.Or(cmp.Compare(a.Account, b.Account), cmp.Compare(a.String(), b.String()), cmp.Compare(a.Service, b.Service))
	})
	return slices.Compact(calls)
}

// Forget forgets the calls, and nothing else.
func (s *Server) Forget() {
	s.lock.Lock()
	defer s.lock.Unlock()
	s.calls = nil
}

// Break makes calls go wrong: it is asked before each of them how. Nil mends all.
func (s *Server) Break(before func(Call) Fault) {
	s.lock.Lock()
	defer s.lock.Unlock()
	s.before = before
}

// arrived notes a call and says what goes wrong with it.
func (s *Server) arrived(c Call) Fault {
	s.lock.Lock()
	s.calls = append(s.calls, c)
	before := s.before
	s.lock.Unlock()
	if before == nil {
		return None
	}
	return before(c)
}

// services answer what is signed for them, each in a file of its own.
var services = map[string]func(*Server, signature, *http.Request) reply{
	"cloudformation":  (*Server).cloudformation,
	"codepipeline":    (*Server).codepipeline,
	"ecr":             (*Server).ecr,
	"kms":             (*Server).kms,
	"s3":              (*Server).s3,
	"sts":             (*Server).sts,
	"account":         (*Server).accounts,
	"codeconnections": (*Server).connections,
}

// ServeHTTP answers the services, which the SDK's requests tell apart.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	signed := s.signature(r)
	serve := services[signed.service]
	if serve == nil {
		refuse(http.StatusForbidden, "MissingAuthenticationToken", "not signed for a service that is there: "+signed.service).write(w)
		return
	}
	serve(s, signed, r).write(w)
}

// receive reads the body of a request, or half of it where the connection breaks there.
func receive(r *http.Request, fault Fault) (body []byte, whole bool) {
	var from io.Reader = r.Body
	if fault == Midway {
		from = io.LimitReader(r.Body, r.ContentLength/2)
	}
	body, err := io.ReadAll(from)
	return body, err == nil && fault != Midway
}

// signature is what a request is signed for, and by whom.
type signature struct {
	account, region, service string
}

// keyPrefix is what the access keys of an account begin with, before its number. All
// others are keys of the account that is signed in.
const keyPrefix = "AKID"

// AccessKey is an access key of an account.
func AccessKey(account string) string { return keyPrefix + account }

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
func (s *Server) signature(r *http.Request) signature {
	_, credential, _ := strings.Cut(r.Header.Get("Authorization"), "Credential=")
	parts := strings.Split(credential, "/")
	if len(parts) < 4 {
		return signature{}
	}
	account := s.Account()
	if number, ok := strings.CutPrefix(parts[0], keyPrefix); ok && len(number) == len(account) {
		account = number
	}
	return signature{account: account, region: parts[2], service: parts[3]}
}

// reply is an answer, or none.
type reply struct {
	code   int
	header map[string]string
	body   []byte
	none   bool // the connection breaks
}

func (a reply) write(w http.ResponseWriter) {
	if a.none {
		panic(http.ErrAbortHandler)
	}
	for name, value := range a.header {
		w.Header().Set(name, value)
	}
	w.WriteHeader(a.code)
	_, _ = w.Write(a.body)
}

// refuse is an error as S3 writes it.
//
// https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
func refuse(code int, name, message string) reply {
	type failure struct {
		XMLName xml.Name `xml:"Error"`
		Code    string
		Message string
	}
	return document(code, failure{Code: name, Message: message})
}

func document(code int, v any) reply {
	body, err := xml.Marshal(v)
	if err != nil {
		panic(err)
	}
	return reply{code: code, header: map[string]string{"Content-Type": "application/xml"}, body: append([]byte(xml.Header), body...)}
}

// object is an answer as ECR writes it.
func object(code int, v any) reply {
	body, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return reply{code: code, header: map[string]string{"Content-Type": "application/x-amz-json-1.1"}, body: body}
}

package cloudtest

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
)

// Caller is the name of whoever signs in.
const Caller = "arn:aws:sts::111111111111:assumed-role/acme-build/session"

// Server is AWS in this process. Its fields are set before it is asked anything.
type Server struct {
	URL         string
	PageSize    int   // keys on a page of a list
	MinPartSize int64 // of every part but the last

	// OnStore is told of every object and image that is stored, by its key.
	OnStore func(region, key string, data []byte)

	lock       sync.Mutex
	account    string // whose credentials everybody has
	buckets    map[string]*bucket
	registries map[string]*registry // by region
	before     func(Call) Fault
	calls      []Call
	uploads    int
	http       *httptest.Server
}

// Call is what somebody asked for.
type Call struct {
	Operation string // as IAM or the registry's protocol names it
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
	return !slices.Contains([]string{"GetCallerIdentity", "ListObjectsV2", "BatchGetImage", "GetAuthorizationToken"}, c.Operation)
}

// New starts a server without buckets and repositories.
func New() *Server {
	s := &Server{
		account: "111111111111", PageSize: 1000, MinPartSize: 5 << 20,
		buckets: map[string]*bucket{}, registries: map[string]*registry{},
	}
	s.http = httptest.NewServer(s)
	s.URL = s.http.URL
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

// Account is whose credentials everybody has.
func (s *Server) Account() string {
	s.lock.Lock()
	defer s.lock.Unlock()
	return s.account
}

// SignIn gives everybody the credentials of another account.
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

// ServeHTTP answers S3, STS and ECR, which the SDK's requests tell apart.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	region, service := scope(r)
	var answer reply
	switch service {
	case "s3":
		answer = s.s3(region, r)
	case "ecr":
		answer = s.ecr(region, r)
	case "sts":
		answer = s.sts(region)
	default:
		answer = refuse(http.StatusForbidden, "MissingAuthenticationToken", "not signed for a service that is there")
	}
	answer.write(w)
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

// scope is the region and service that a request is signed for.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
func scope(r *http.Request) (region, service string) {
	_, credential, _ := strings.Cut(r.Header.Get("Authorization"), "Credential=")
	parts := strings.Split(credential, "/")
	if len(parts) < 4 {
		return "", ""
	}
	return parts[2], parts[3]
}

func (s *Server) sts(region string) reply {
	call := Call{Operation: "GetCallerIdentity", Region: region}
	account := s.Account()
	return s.faulty(call, s.arrived(call), func() reply {
		return reply{code: http.StatusOK, body: fmt.Appendf(nil, `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">`+
			`<GetCallerIdentityResult><Arn>%s</Arn><UserId>AROA:session</UserId><Account>%s</Account></GetCallerIdentityResult>`+
			`</GetCallerIdentityResponse>`, strings.Replace(Caller, "111111111111", account, 1), account)}
	})
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

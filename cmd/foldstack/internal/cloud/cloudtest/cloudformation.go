package cloudtest

import (
	"encoding/xml"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// cloudFormation is what there is of it in all accounts and regions.
type cloudFormation struct {
	stacks  []*stack          // all that there ever were, in the order of their creation
	tokens  map[string]string // what came of a call, by the token of whoever made it
	names   map[string]string // the stacks that hold a name, by its kind and place
	failing map[string]string // why a resource fails, by its stack and path
	sets    []*stackSet
	units   map[string][]string // of an organization, with their accounts
	organization
}

func newCloudFormation() *cloudFormation {
	return &cloudFormation{tokens: map[string]string{}, names: map[string]string{}, failing: map[string]string{}, units: map[string][]string{}}
}

// place is a region of an account.
type place struct{ account, region string }

// ask is a call of CloudFormation.
type ask struct {
	place
	url.Values
	server *Server
}

// list is a list of a call's input.
//
// https://smithy.io/2.0/aws/protocols/aws-query-protocol.html#collections
func (a *ask) list(name, field string) []string {
	var values []string
	for i := 1; ; i++ {
		key := name + ".member." + strconv.Itoa(i) + field
		if !a.Has(key) {
			return values
		}
		values = append(values, a.Get(key))
	}
}

// answer is what comes of a call: a result, or an error of AWS.
type answer func(*ask) (result any, err error)

// awsError is an answer that is an error.
type awsError struct {
	code    int
	name    string
	message string
}

func (e awsError) Error() string { return e.name + ": " + e.message }

func invalid(format string, args ...any) error {
	return awsError{http.StatusBadRequest, "ValidationError", fmt.Sprintf(format, args...)}
}

// stackCalls are those of CloudFormation about stacks that the stand-in understands.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_Operations.html
var stackCalls = map[string]answer{
	"CreateStack":         (*ask).createStack,
	"UpdateStack":         (*ask).updateStack,
	"DeleteStack":         (*ask).deleteStack,
	"DescribeStacks":      (*ask).describeStacks,
	"DescribeStackEvents": (*ask).describeStackEvents,
	"ListStackResources":  (*ask).listStackResources,
	"GetTemplate":         (*ask).getTemplate,
	"ListChangeSets":      (*ask).listChangeSets,
	"CreateChangeSet":     (*ask).createChangeSet,
	"DescribeChangeSet":   (*ask).describeChangeSet,
	"ExecuteChangeSet":    (*ask).executeChangeSet,
	"DeleteChangeSet":     (*ask).deleteChangeSet,
}

// cloudformation answers CloudFormation's calls.
func (s *Server) cloudformation(signed signature, r *http.Request) reply {
	if err := r.ParseForm(); err != nil {
		return queryError(http.StatusBadRequest, "MalformedQueryString", err.Error())
	}
	name := r.Form.Get("Action")
	call := Call{
		Service: signed.service, Operation: name, Account: signed.account, Region: signed.region,
		Key: stackName(r.Form.Get("StackName") + r.Form.Get("StackSetName")),
	}
	return s.faulty(call, s.arrived(call), func() reply {
		s.lock.Lock()
		defer s.lock.Unlock()
		handle := stackCalls[name]
		if handle == nil {
			handle = setCalls[name]
		}
		if handle == nil {
			return queryError(http.StatusBadRequest, "InvalidAction", "Could not find operation "+name)
		}
		result, err := handle(&ask{place{signed.account, signed.region}, r.Form, s})
		if refused, ok := err.(awsError); ok {
			return queryError(refused.code, refused.name, refused.message)
		}
		return queryResult(name, result)
	})
}

// stackName is the name in the id of a stack, or what is a name already.
func stackName(id string) string {
	if parts := strings.Split(id, "/"); strings.HasPrefix(id, "arn:") && len(parts) == 3 {
		return parts[1]
	}
	return id
}

// queryResult is an answer as services with XML write it.
//
// https://smithy.io/2.0/aws/protocols/aws-query-protocol.html#response-serialization
func queryResult(operation string, result any) reply {
	type response struct {
		XMLName xml.Name
		Result  any
	}
	return document(http.StatusOK, response{XMLName: xml.Name{Local: operation + "Response"}, Result: wrapped{operation + "Result", result}})
}

// wrapped is a value in an element of a name.
type wrapped struct {
	name  string
	value any
}

// MarshalXML writes the element, which is there where nothing is in it.
func (w wrapped) MarshalXML(e *xml.Encoder, _ xml.StartElement) error {
	if w.value == nil {
		w.value = struct{}{}
	}
	return e.EncodeElement(w.value, xml.StartElement{Name: xml.Name{Local: w.name}})
}

// page is the part of a list that a token begins, and the token of the next.
func page[T any](all []T, token string, size int) (part []T, next string) {
	begin, _ := strconv.Atoi(token)
	begin = min(begin, len(all))
	end := min(begin+size, len(all))
	if end < len(all) {
		next = strconv.Itoa(end)
	}
	return all[begin:end], next
}

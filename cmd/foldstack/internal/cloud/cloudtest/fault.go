package cloudtest

import (
	"encoding/xml"
	"net/http"
	"sync/atomic"
)

// Fault is what goes wrong with a call.
type Fault string

// The faults.
const (
	None      Fault = ""
	Refuse    Fault = "refuse"     // access is denied
	Invalid   Fault = "invalid"    // what is asked for makes no sense, or is not there
	Throttle  Fault = "throttle"   // too many calls
	Fail      Fault = "fail"       // an error inside AWS
	Unheard   Fault = "unheard"    // the connection breaks before anything was done
	Midway    Fault = "midway"     // the connection breaks while the body is on its way
	Unsaid    Fault = "unsaid"     // it is done, and the connection breaks before that is said
	Corrupt   Fault = "corrupt"    // a byte of the body changes on its way
	Lie       Fault = "lie"        // another checksum is answered than that of what was stored
	Overtake  Fault = "overtake"   // somebody else stores the same just before
	Conflict  Fault = "conflict"   // somebody else is storing the same
	FailLate  Fault = "fail late"  // the answer begins as a success and turns out to be an error
	LoseParts Fault = "lose parts" // the upload is gone
)

// BreakAt makes a call go wrong, the first time or always, and tells whether it was made.
func (s *Server) BreakAt(call Call, fault Fault, always bool) *atomic.Bool {
	var met atomic.Bool
	s.Break(func(c Call) Fault {
		if c != call || met.Swap(true) && !always {
			return None
		}
		return fault
	})
	return &met
}

// StopAt stops whoever makes a call, which goes wrong as the last: who is dead says nothing
// any more.
func (s *Server) StopAt(call Call, last Fault, stop func()) {
	var dead atomic.Bool
	s.Break(func(c Call) Fault {
		switch {
		case dead.Load():
			return Unheard
		case c == call:
			dead.Store(true)
			stop()
			return last
		}
		return None
	})
}

// Refuse denies access to an operation from now on.
func (s *Server) Refuse(operation string) {
	s.Break(func(c Call) Fault {
		if c.Operation == operation {
			return Refuse
		}
		return None
	})
}

// faulty answers a call with which a fault of no particular service goes wrong.
func (s *Server) faulty(c Call, fault Fault, answer func() reply) reply {
	switch fault {
	case Refuse:
		return s.inItsForm(c, http.StatusForbidden, "AccessDenied", "User: "+Caller+" is not authorized to perform this")
	case Invalid:
		return s.inItsForm(c, http.StatusBadRequest, "ValidationError", "This is not valid.")
	case Throttle:
		return s.inItsForm(c, http.StatusServiceUnavailable, "SlowDown", "Please reduce your request rate.")
	case Fail:
		return s.inItsForm(c, http.StatusInternalServerError, "InternalError", "We encountered an internal error. Please try again.")
	case Unheard:
		return reply{none: true}
	case Unsaid:
		answer()
		return reply{none: true}
	}
	return answer()
}

// inItsForm is an error in the form of the service that is asked: of S3, of those with
// XML, and of those with JSON.
//
// https://smithy.io/2.0/aws/protocols/aws-query-protocol.html#operation-error-serialization
// https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html#operation-error-serialization
// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/CommonErrors.html
func (s *Server) inItsForm(c Call, code int, name, message string) reply {
	switch c.Service {
	case "s3", "registry":
		return refuse(code, name, message)
	case "cloudformation", "iam", "sts":
		if name == "SlowDown" { // which is S3's word
			code, name, message = http.StatusBadRequest, "Throttling", "Rate exceeded"
		}
		return queryError(code, name, message)
	}
	switch name {
	case "AccessDenied":
		code, name = http.StatusBadRequest, "AccessDeniedException"
	case "SlowDown":
		code, name, message = http.StatusBadRequest, "ThrottlingException", "Rate exceeded"
	}
	return object(code, map[string]string{"__type": name, "message": message})
}

// queryError is an error of a service whose answers are XML.
func queryError(code int, name, message string) reply {
	type failure struct {
		XMLName xml.Name `xml:"ErrorResponse"`
		Code    string   `xml:"Error>Code"`
		Message string   `xml:"Error>Message"`
	}
	return document(code, failure{Code: name, Message: message})
}

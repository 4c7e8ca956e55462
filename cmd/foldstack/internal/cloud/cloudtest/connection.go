package cloudtest

import (
	"encoding/json"
	"net/http"
	"strings"
)

// SetConnection gives a connection a state, such as AVAILABLE, by its ARN.
func (s *Server) SetConnection(arn, state string) {
	s.lock.Lock()
	defer s.lock.Unlock()
	s.connected[arn] = state
}

// connections tells of the connections that stacks have made.
//
// https://docs.aws.amazon.com/codeconnections/latest/APIReference/API_GetConnection.html
func (s *Server) connections(signed signature, r *http.Request) reply {
	_, name, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	var asked struct{ ConnectionArn string }
	if err := json.NewDecoder(r.Body).Decode(&asked); err != nil {
		return object(http.StatusBadRequest, map[string]string{"__type": "ValidationException", "message": err.Error()})
	}
	call := Call{Service: signed.service, Operation: name, Account: signed.account, Region: signed.region, Key: asked.ConnectionArn}
	return s.faulty(call, s.arrived(call), func() reply {
		s.lock.Lock()
		defer s.lock.Unlock()
		state := s.connected[call.Key]
		if state == "" {
			state = s.Connections
		}
		return object(http.StatusOK, map[string]any{"Connection": map[string]string{"ConnectionArn": call.Key, "ConnectionStatus": state}})
	})
}

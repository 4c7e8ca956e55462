package cloudtest

import (
	"encoding/json"
	"net/http"
	"strings"
)

// SetConnections gives the connections to a source a state, such as AVAILABLE. They are
// pending before.
func (s *Server) SetConnections(state string) {
	s.lock.Lock()
	defer s.lock.Unlock()
	s.connected = state
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
		return object(http.StatusOK, map[string]any{"Connection": map[string]string{"ConnectionArn": call.Key, "ConnectionStatus": s.connected}})
	})
}

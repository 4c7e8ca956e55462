package cloudtest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
)

// key is the primary of a key of several regions, or a replica of it.
type key struct {
	state   string
	window  int // days
	replica bool
}

func (s *Server) addKey(p place, id string, replica bool) {
	if s.keys[p] == nil {
		s.keys[p] = map[string]*key{}
	}
	s.keys[p][id] = &key{state: "Enabled", replica: replica}
}

// Keys are the states of the keys of a region of an account.
func (s *Server) Keys(account, region string) []string {
	s.lock.Lock()
	defer s.lock.Unlock()
	var states []string
	for _, k := range s.keys[place{account, region}] {
		states = append(states, k.state)
	}
	return states
}

// kms answers calls about keys.
func (s *Server) kms(signed signature, r *http.Request) reply {
	_, name, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	body, _ := receive(r, None)
	var input struct {
		KeyID  string `json:"KeyId"`
		Window int    `json:"PendingWindowInDays"`
	}
	if err := json.Unmarshal(body, &input); err != nil {
		return object(http.StatusBadRequest, map[string]string{"__type": "SerializationException"})
	}
	call := Call{Service: signed.service, Operation: name, Account: signed.account, Region: signed.region, Key: input.KeyID}
	return s.faulty(call, s.arrived(call), func() reply {
		s.lock.Lock()
		defer s.lock.Unlock()
		p := place{signed.account, signed.region}
		k := s.keys[p][input.KeyID]
		switch {
		case k == nil:
			return object(http.StatusBadRequest, map[string]string{"__type": "NotFoundException", "message": fmt.Sprintf("Key '%s' does not exist", input.KeyID)})
		case name == "DescribeKey":
			return object(http.StatusOK, map[string]any{"KeyMetadata": map[string]any{"KeyId": input.KeyID, "KeyState": k.state}})
		case name == "ScheduleKeyDeletion":
			return s.scheduleKeyDeletion(p, k, input.KeyID, input.Window)
		}
		return object(http.StatusBadRequest, map[string]string{"__type": "UnknownOperationException"})
	})
}

// The days that somebody may wait for the deletion of a key.
const (
	minKeyWindow = 7
	maxKeyWindow = 30
)

// scheduleKeyDeletion lets a primary wait for its replicas.
//
// https://docs.aws.amazon.com/kms/latest/APIReference/API_ScheduleKeyDeletion.html
func (s *Server) scheduleKeyDeletion(p place, k *key, id string, window int) reply {
	switch {
	case window < minKeyWindow || window > maxKeyWindow:
		return object(http.StatusBadRequest, map[string]string{"__type": "ValidationException", "message": "PendingWindowInDays must be between 7 and 30 (inclusive)"})
	case k.state != "Enabled":
		return object(http.StatusBadRequest, map[string]string{"__type": "KMSInvalidStateException", "message": id + " is pending deletion."})
	}
	k.state, k.window = "PendingDeletion", window
	for other, keys := range s.keys {
		if other != p && keys[id] != nil && !k.replica {
			k.state = "PendingReplicaDeletion"
		}
	}
	return object(http.StatusOK, map[string]any{"KeyId": id, "KeyState": k.state, "PendingWindowInDays": window})
}

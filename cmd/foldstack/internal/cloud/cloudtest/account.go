package cloudtest

import (
	"net/http"
	"strings"

	"github.com/foldstack/foldstack/generator/model"
)

// SetRegion gives a region of an account a state, such as DISABLED. All are enabled
// before.
func (s *Server) SetRegion(account, region, state string) {
	s.lock.Lock()
	defer s.lock.Unlock()
	s.disabled[account+" "+region] = state
}

// off reports a region that an account has not enabled: nobody has credentials of the
// account there.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_enable-regions.html
func (s *Server) off(account, region string) bool {
	s.lock.Lock()
	defer s.lock.Unlock()
	return s.disabled[account+" "+region] == "DISABLED"
}

// accounts tells an account of its regions.
//
// https://docs.aws.amazon.com/accounts/latest/reference/API_ListRegions.html
func (s *Server) accounts(signed signature, r *http.Request) reply {
	name := strings.TrimPrefix(r.URL.Path, "/")
	call := Call{Service: signed.service, Operation: strings.ToUpper(name[:min(1, len(name))]) + name[min(1, len(name)):], Account: signed.account, Region: signed.region}
	return s.faulty(call, s.arrived(call), func() reply {
		if call.Operation != "ListRegions" {
			return object(http.StatusNotFound, map[string]string{"__type": "UnknownOperationException"})
		}
		s.lock.Lock()
		defer s.lock.Unlock()
		type region struct{ RegionName, RegionOptStatus string }
		regions := []region{}
		for _, name := range model.KnownRegions() {
			state := s.disabled[signed.account+" "+name]
			if state == "" {
				state = "ENABLED"
			}
			regions = append(regions, region{name, state})
		}
		return object(http.StatusOK, map[string]any{"Regions": regions})
	})
}

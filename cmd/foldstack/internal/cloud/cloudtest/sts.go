package cloudtest

import (
	"fmt"
	"net/http"
	"strings"
)

// callerOf is the name of whoever has signed in to an account.
func callerOf(account string) string { return strings.Replace(Caller, "111111111111", account, 1) }

// sts tells who somebody is, and lets everybody assume every role, in the regions that
// are enabled in the account whose credentials these are or shall be.
func (s *Server) sts(signed signature, r *http.Request) reply {
	if err := r.ParseForm(); err != nil {
		return refuse(http.StatusBadRequest, "MalformedQueryString", err.Error())
	}
	call := Call{Service: signed.service, Operation: r.Form.Get("Action"), Account: signed.account, Region: signed.region, Key: r.Form.Get("RoleArn")}
	return s.faulty(call, s.arrived(call), func() reply {
		switch call.Operation {
		case "AssumeRole":
			return s.assumeRole(call.Region, call.Key)
		case "GetCallerIdentity":
			if s.off(signed.account, call.Region) {
				return queryError(http.StatusForbidden, "InvalidClientTokenId", "The security token included in the request is invalid.")
			}
			return identity(signed.account)
		}
		return refuse(http.StatusBadRequest, "InvalidAction", call.Operation)
	})
}

// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
func identity(account string) reply {
	return reply{code: http.StatusOK, body: fmt.Appendf(nil, `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">`+
		`<GetCallerIdentityResult><Arn>%s</Arn><UserId>AROA:session</UserId><Account>%s</Account></GetCallerIdentityResult>`+
		`</GetCallerIdentityResponse>`, callerOf(account), account)}
}

// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
func (s *Server) assumeRole(region, role string) reply {
	parts := strings.SplitN(role, ":", 6)
	switch {
	case len(parts) < 6:
		return refuse(http.StatusBadRequest, "ValidationError", role+" is invalid")
	case s.off(parts[4], region):
		return queryError(http.StatusForbidden, "RegionDisabledException", "STS is not activated in this region for account:"+parts[4]+".")
	}
	return reply{code: http.StatusOK, body: fmt.Appendf(nil, `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult>`+
		`<AssumedRoleUser><Arn>%s</Arn><AssumedRoleId>AROA:foldstack</AssumedRoleId></AssumedRoleUser>`+
		`<Credentials><AccessKeyId>%s</AccessKeyId><SecretAccessKey>example</SecretAccessKey><SessionToken>token</SessionToken>`+
		`<Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`,
		role, AccessKey(parts[4]))}
}

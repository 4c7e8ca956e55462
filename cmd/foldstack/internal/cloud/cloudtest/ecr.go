package cloudtest

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	containers "github.com/google/go-containerregistry/pkg/registry"
)

// registry is ECR's registry of one region, whose tags do not move.
type registry struct {
	server       *Server
	region       string
	repositories map[string]bool
	images       http.Handler
	tags         map[string]string    // by repository:tag, the manifests
	pushed       map[string]time.Time // by repository:tag, where it is not the epoch
	http         *httptest.Server
}

// AddRepository makes an empty repository.
func (s *Server) AddRepository(region, name string) {
	s.lock.Lock()
	defer s.lock.Unlock()
	s.addRepository(region, name)
}

func (s *Server) addRepository(region, name string) {
	r := s.registries[region]
	if r == nil {
		r = &registry{
			server: s, region: region, repositories: map[string]bool{}, tags: map[string]string{}, pushed: map[string]time.Time{},
			images: containers.New(containers.Logger(log.New(io.Discard, "", 0))),
		}
		r.http = httptest.NewServer(r)
		s.registries[region] = r
	}
	r.repositories[name] = true
}

// repository reports whether there is one.
func (s *Server) repository(region, name string) bool {
	r := s.registries[region]
	return r != nil && r.repositories[name]
}

// Tags are the tags of a repository, and whether each is there.
func (s *Server) Tags(region, name string) map[string]bool {
	s.lock.Lock()
	defer s.lock.Unlock()
	tags := map[string]bool{}
	for reference := range s.registries[region].tags {
		if tag, ok := strings.CutPrefix(reference, name+":"); ok {
			tags[tag] = true
		}
	}
	return tags
}

// ecr answers ECR's own calls.
func (s *Server) ecr(signed signature, r *http.Request) reply {
	region := signed.region
	_, name, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	call := Call{Service: signed.service, Operation: name, Account: signed.account, Region: region}
	fault := s.arrived(call)
	body, whole := receive(r, fault)
	if !whole {
		return reply{none: true}
	}
	return s.faulty(call, fault, func() reply {
		s.lock.Lock()
		defer s.lock.Unlock()
		registry := s.registries[region]
		if handle := repositoryCalls[name]; handle != nil {
			return handle(s, region, body)
		}
		switch {
		case registry == nil:
			return object(http.StatusBadRequest, map[string]string{"__type": "RepositoryNotFoundException", "message": "The repository does not exist in the registry"})
		case name == "GetAuthorizationToken":
			return object(http.StatusOK, map[string]any{"authorizationData": []any{map[string]any{
				"authorizationToken": base64.StdEncoding.EncodeToString([]byte("AWS:" + registry.password())),
				"proxyEndpoint":      registry.http.URL,
			}}})
		case name == "BatchGetImage":
			return registry.batchGetImage(body)
		}
		return object(http.StatusBadRequest, map[string]string{"__type": "UnknownOperationException"})
	})
}

func (r *registry) password() string { return "token of " + r.region }

// maxImageIDs is how many images one call asks for.
const maxImageIDs = 100

// https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_BatchGetImage.html
func (r *registry) batchGetImage(body []byte) reply {
	type id struct {
		ImageTag string `json:"imageTag"`
	}
	var asked struct {
		RegistryID     string `json:"registryId"`
		RepositoryName string `json:"repositoryName"`
		ImageIDs       []id   `json:"imageIds"`
	}
	if err := json.Unmarshal(body, &asked); err != nil || len(asked.ImageIDs) > maxImageIDs {
		return object(http.StatusBadRequest, map[string]string{"__type": "InvalidParameterException"})
	}
	if asked.RegistryID != r.server.account || !r.repositories[asked.RepositoryName] {
		return object(http.StatusBadRequest, map[string]string{"__type": "RepositoryNotFoundException", "message": "The repository does not exist in the registry"})
	}
	images, failures := []any{}, []any{}
	for _, i := range asked.ImageIDs {
		manifest, there := r.tags[asked.RepositoryName+":"+i.ImageTag]
		if there {
			images = append(images, map[string]any{"imageId": i, "imageManifest": manifest})
		} else {
			failures = append(failures, map[string]any{"imageId": i, "failureCode": "ImageNotFound", "failureReason": "Requested image not found"})
		}
	}
	return object(http.StatusOK, map[string]any{"images": images, "failures": failures})
}

// ServeHTTP answers as a registry does.
//
// https://github.com/opencontainers/distribution-spec/blob/main/spec.md
func (r *registry) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	call := Call{Service: "registry", Operation: registryOperation(request), Region: r.region}
	fault := r.server.arrived(call)
	body, whole := receive(request, fault)
	answer := reply{none: true}
	if whole {
		answer = r.server.faulty(call, fault, func() reply { return r.answer(request, body, fault) })
	}
	if answer.code >= http.StatusBadRequest && answer.header["Content-Type"] == "application/xml" {
		answer = denied(answer.code, registryCodes[fault], "something went wrong")
	}
	answer.write(w)
}

// https://github.com/opencontainers/distribution-spec/blob/main/spec.md#error-codes
var registryCodes = map[Fault]string{Refuse: "DENIED", Throttle: "TOOMANYREQUESTS", Fail: "UNKNOWN"}

func registryOperation(r *http.Request) string {
	for _, part := range []string{"/blobs/uploads/", "/blobs/", "/manifests/"} {
		if strings.Contains(r.URL.Path, part) {
			return r.Method + " " + strings.Trim(part, "/")
		}
	}
	return r.Method + " v2"
}

func (r *registry) answer(request *http.Request, body []byte, fault Fault) reply {
	user, password, ok := request.BasicAuth()
	if !ok || user != "AWS" || password != r.password() {
		answer := denied(http.StatusUnauthorized, "UNAUTHORIZED", "Not Authorized")
		answer.header["WWW-Authenticate"] = `Basic realm="` + r.http.URL + `/",service="ecr.amazonaws.com"`
		return answer
	}
	path := strings.TrimPrefix(request.URL.Path, "/v2/")
	name, tag, isManifest := strings.Cut(path, "/manifests/")
	r.server.lock.Lock()
	defer r.server.lock.Unlock()
	if !isManifest || request.Method != http.MethodPut {
		return r.pass(request, body)
	}
	if fault == Overtake {
		r.store(request, name, tag, body)
	}
	switch _, there := r.tags[name+":"+tag]; {
	case !r.repositories[name]:
		return denied(http.StatusNotFound, "NAME_UNKNOWN", "The repository with name '"+name+"' does not exist in the registry")
	case there:
		return denied(http.StatusBadRequest, "TAG_INVALID", "The image tag '"+tag+"' already exists in the '"+name+"' repository and cannot be overwritten because the repository is immutable.")
	}
	return r.store(request, name, tag, body)
}

func (r *registry) store(request *http.Request, name, tag string, manifest []byte) reply {
	answer := r.pass(request, manifest)
	if answer.code < http.StatusBadRequest {
		r.tags[name+":"+tag] = string(manifest)
		if r.server.OnStore != nil {
			r.server.OnStore(r.region, "images/"+tag, manifest)
		}
	}
	return answer
}

// pass lets the registry of the library answer.
func (r *registry) pass(request *http.Request, body []byte) reply {
	inner := request.Clone(request.Context())
	inner.Body = io.NopCloser(strings.NewReader(string(body)))
	recorder := httptest.NewRecorder()
	r.images.ServeHTTP(recorder, inner)
	answer := reply{code: recorder.Code, header: map[string]string{}, body: recorder.Body.Bytes()}
	for name := range recorder.Header() {
		answer.header[name] = recorder.Header().Get(name)
	}
	return answer
}

func denied(code int, name, message string) reply {
	body, err := json.Marshal(map[string]any{"errors": []any{map[string]string{"code": name, "message": message}}})
	if err != nil {
		panic(errors.Join(errors.New("writing an error"), err))
	}
	return reply{code: code, header: map[string]string{"Content-Type": "application/json"}, body: body}
}

package cloudtest

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/xml"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// bucket is one whose policy is that of an asset bucket.
type bucket struct {
	region  string
	objects map[string][]byte
	sorted  []string // the keys of objects, as far as somebody has asked since the last write
	uploads map[string]*upload

	versions map[string][]version // by key, the oldest first
	writes   int
}

func (b *bucket) put(key string, data []byte) {
	b.objects[key], b.sorted = data, nil
	b.write(key, len(data), false)
}

func (b *bucket) keys() []string {
	if b.sorted == nil {
		b.sorted = slices.Sorted(maps.Keys(b.objects))
	}
	return b.sorted
}

// AddBucket makes an empty bucket.
func (s *Server) AddBucket(region, name string) {
	s.lock.Lock()
	defer s.lock.Unlock()
	s.addBucket(region, name)
}

func (s *Server) addBucket(region, name string) {
	s.buckets[name] = &bucket{region: region, objects: map[string][]byte{}, uploads: map[string]*upload{}, versions: map[string][]version{}}
}

// Put stores an object without asking anybody.
func (s *Server) Put(name, key string, data []byte) {
	s.lock.Lock()
	defer s.lock.Unlock()
	s.buckets[name].put(key, data)
}

// Objects are what a bucket holds, by key.
func (s *Server) Objects(name string) map[string]string {
	s.lock.Lock()
	defer s.lock.Unlock()
	objects := map[string]string{}
	for key, data := range s.buckets[name].objects {
		objects[key] = string(data)
	}
	return objects
}

// OpenUploads is how many uploads of a bucket are neither complete nor aborted.
func (s *Server) OpenUploads(name string) int {
	s.lock.Lock()
	defer s.lock.Unlock()
	return len(s.buckets[name].uploads)
}

// request is a call of S3 with what it is about.
type request struct {
	*http.Request
	Call
	bucket *bucket
	body   []byte
	fault  Fault
}

// s3 answers a request in path style.
func (s *Server) s3(signed signature, r *http.Request) reply {
	region := signed.region
	name, key, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	call := Call{
		Service: signed.service, Operation: operation(r, key), Account: signed.account, Region: region, Key: key, Part: r.URL.Query().Get("partNumber"),
		OnlyNew: r.Header.Get("If-None-Match") == "*",
	}
	fault := s.arrived(call)
	body, whole := receive(r, fault)
	if !whole {
		return reply{none: true}
	}
	return s.faulty(call, fault, func() reply {
		s.lock.Lock()
		defer s.lock.Unlock()
		b := s.buckets[name]
		switch {
		case b == nil:
			return refuse(http.StatusNotFound, "NoSuchBucket", "The specified bucket does not exist")
		case b.region != region:
			return refuse(http.StatusMovedPermanently, "PermanentRedirect", "The bucket you are attempting to access must be addressed using the specified endpoint.")
		case r.Header.Get("X-Amz-Expected-Bucket-Owner") != s.account:
			return refuse(http.StatusForbidden, "AccessDenied", "Access Denied")
		}
		handle := operations[call.Operation]
		if handle == nil {
			return refuse(http.StatusNotImplemented, "NotImplemented", r.Method+" "+r.URL.String())
		}
		return handle(s, &request{r, call, b, body, fault})
	})
}

func operation(r *http.Request, key string) string {
	query := r.URL.Query()
	switch {
	case r.Method == http.MethodGet && key == "" && query.Get("list-type") == "2":
		return "ListObjectsV2"
	case r.Method == http.MethodGet && query.Has("versions"):
		return "ListObjectVersions"
	case r.Method == http.MethodGet && query.Has("uploads"):
		return "ListMultipartUploads"
	case r.Method == http.MethodGet && key != "":
		return "GetObject"
	case r.Method == http.MethodHead && key == "":
		return "HeadBucket"
	case r.Method == http.MethodDelete && key == "":
		return "DeleteBucket"
	case r.Method == http.MethodPost && query.Has("delete"):
		return "DeleteObjects"
	case r.Method == http.MethodPut && query.Has("uploadId"):
		return "UploadPart"
	case r.Method == http.MethodPut:
		return "PutObject"
	case r.Method == http.MethodPost && query.Has("uploads"):
		return "CreateMultipartUpload"
	case r.Method == http.MethodPost && query.Has("uploadId"):
		return "CompleteMultipartUpload"
	case r.Method == http.MethodDelete && query.Has("uploadId"):
		return "AbortMultipartUpload"
	}
	return r.Method
}

var operations = map[string]func(*Server, *request) reply{
	"ListObjectsV2":           (*Server).list,
	"ListObjectVersions":      (*Server).listVersions,
	"ListMultipartUploads":    (*Server).listUploads,
	"GetObject":               (*Server).get,
	"HeadBucket":              (*Server).head,
	"DeleteBucket":            (*Server).deleteBucket,
	"DeleteObjects":           (*Server).deleteObjects,
	"PutObject":               (*Server).put,
	"CreateMultipartUpload":   (*Server).begin,
	"UploadPart":              (*Server).part,
	"CompleteMultipartUpload": (*Server).complete,
	"AbortMultipartUpload":    (*Server).abort,
}

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
func (s *Server) list(r *request) reply {
	type object struct {
		Key  string
		Size int
	}
	type result struct {
		XMLName     xml.Name `xml:"ListBucketResult"`
		Prefix      string
		StartAfter  string
		KeyCount    int
		MaxKeys     int
		IsTruncated bool
		Contents    []object
	}
	query := r.URL.Query()
	page := result{Prefix: query.Get("prefix"), StartAfter: query.Get("start-after"), MaxKeys: s.PageSize}
	keys := r.bucket.keys()
	begin, _ := slices.BinarySearch(keys, max(page.StartAfter+"\x00", page.Prefix))
	for _, key := range keys[begin:] {
		if !strings.HasPrefix(key, page.Prefix) {
			break
		}
		if len(page.Contents) == s.PageSize {
			page.IsTruncated = true
			break
		}
		page.Contents = append(page.Contents, object{key, len(r.bucket.objects[key])})
	}
	page.KeyCount = len(page.Contents)
	return document(http.StatusOK, page)
}

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
func (s *Server) put(r *request) reply {
	sum, wrong := r.received()
	if wrong != nil {
		return *wrong
	}
	if denied := s.writtenOnce(r, r.Key, r.body); denied != nil {
		return *denied
	}
	s.store(r, r.Key, r.body)
	return reply{code: http.StatusOK, header: map[string]string{"ETag": `"etag"`, "x-amz-checksum-sha256": r.said(sum)}}
}

// received checks that the bytes are those that were announced.
func (r *request) received() (sum string, wrong *reply) {
	if r.fault == Corrupt {
		r.body = append(bytes.Clone(r.body), '!')
	}
	digest := sha256.Sum256(r.body)
	sum = base64.StdEncoding.EncodeToString(digest[:])
	announced := r.Header.Get("X-Amz-Checksum-Sha256")
	if announced == "" {
		denied := refuse(http.StatusBadRequest, "InvalidRequest", "nobody should upload without a checksum")
		return "", &denied
	}
	if announced != sum {
		denied := refuse(http.StatusBadRequest, "BadDigest", "The SHA256 you specified did not match the calculated checksum.")
		return "", &denied
	}
	return sum, nil
}

// said is the checksum that is answered.
func (r *request) said(sum string) string {
	if r.fault == Lie {
		return "TGllcyBhbmQgbGllcyBhbmQgbGllcyBhbmQgbGllczo="
	}
	return sum
}

// writtenOnce is the policy of the bucket and what S3 makes of If-None-Match. Whoever
// overtakes stores the same bytes, because they come from the same inputs.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
func (s *Server) writtenOnce(r *request, key string, data []byte) *reply {
	var denied reply
	if r.fault == Overtake {
		s.store(r, key, data)
	}
	_, there := r.bucket.objects[key]
	switch {
	case !r.OnlyNew:
		denied = refuse(http.StatusForbidden, "AccessDenied", "with an explicit deny in a resource-based policy")
	case r.fault == Conflict:
		denied = refuse(http.StatusConflict, "ConditionalRequestConflict", "The conditional request cannot succeed due to a conflicting operation against this resource.")
	case there:
		denied = refuse(http.StatusPreconditionFailed, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold")
	default:
		return nil
	}
	return &denied
}

func (s *Server) store(r *request, key string, data []byte) {
	r.bucket.put(key, data)
	if s.OnStore != nil {
		s.OnStore(r.Region, key, data)
	}
}

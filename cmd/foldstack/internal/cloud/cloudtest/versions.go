package cloudtest

import (
	"encoding/xml"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// version is one that an object has or had.
type version struct {
	number  int // newer ones have higher numbers
	size    int
	written time.Time
	marker  bool // the object was removed without its versions
}

// write notes a new version of an object.
func (b *bucket) write(key string, size int, marker bool) {
	b.writes++
	b.versions[key] = append(b.versions[key], version{b.writes, size, epoch, marker})
}

func (v version) id() string { return "version-" + strconv.Itoa(v.number) }

// Hide removes an object as somebody does who does not name its version.
func (s *Server) Hide(name, key string) {
	s.lock.Lock()
	defer s.lock.Unlock()
	b := s.buckets[name]
	b.write(key, 0, true)
	delete(b.objects, key)
	b.sorted = nil
}

// Date gives all versions of an object another time.
func (s *Server) Date(name, key string, when time.Time) {
	s.lock.Lock()
	defer s.lock.Unlock()
	versions := s.buckets[name].versions[key]
	for i := range versions {
		versions[i].written = when
	}
}

// Buckets are the names of all there are.
func (s *Server) Buckets() []string {
	s.lock.Lock()
	defer s.lock.Unlock()
	return slices.Sorted(maps.Keys(s.buckets))
}

// Versions is how many versions and delete markers a bucket holds, and -1 where there is
// no such bucket.
func (s *Server) Versions(name string) int {
	s.lock.Lock()
	defer s.lock.Unlock()
	b := s.buckets[name]
	if b == nil {
		return -1
	}
	n := 0
	for _, versions := range b.versions {
		n += len(versions)
	}
	return n
}

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
func (s *Server) get(r *request) reply {
	data, there := r.bucket.objects[r.Key]
	if !there {
		return refuse(http.StatusNotFound, "NoSuchKey", "The specified key does not exist.")
	}
	return reply{code: http.StatusOK, body: data}
}

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html
func (s *Server) head(*request) reply { return reply{code: http.StatusOK} }

// listedVersion is a version as S3 lists it.
type listedVersion struct {
	XMLName      xml.Name
	Key          string
	VersionId    string
	IsLatest     bool
	LastModified time.Time
	Size         int
}

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectVersions.html
func (s *Server) listVersions(r *request) reply {
	type result struct {
		XMLName             xml.Name `xml:"ListVersionsResult"`
		IsTruncated         bool
		NextKeyMarker       string
		NextVersionIdMarker string
		Entries             []listedVersion
	}
	var page result
	query := r.URL.Query()
	for _, v := range r.bucket.after(query.Get("key-marker"), query.Get("version-id-marker")) {
		if !strings.HasPrefix(v.Key, query.Get("prefix")) {
			continue
		}
		if len(page.Entries) == s.PageSize {
			last := &page.Entries[s.PageSize-1]
			page.IsTruncated, page.NextKeyMarker, page.NextVersionIdMarker = true, last.Key, last.VersionId
			break
		}
		page.Entries = append(page.Entries, v)
	}
	return document(http.StatusOK, page)
}

// after are the versions behind a place in the list, which goes by key and from the
// newest version to the oldest.
func (b *bucket) after(key, id string) []listedVersion {
	number, _ := strconv.Atoi(strings.TrimPrefix(id, "version-"))
	var all []listedVersion
	for _, k := range slices.Sorted(maps.Keys(b.versions)) {
		versions := b.versions[k]
		for i, v := range slices.Backward(versions) {
			if k < key || k == key && v.number >= number {
				continue
			}
			name := "Version"
			if v.marker {
				name = "DeleteMarker"
			}
			all = append(all, listedVersion{xml.Name{Local: name}, k, v.id(), i == len(versions)-1, v.written, v.size})
		}
	}
	return all
}

// maxDeletes is how many versions one call deletes.
const maxDeletes = 1000

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html
func (s *Server) deleteObjects(r *request) reply {
	type failure struct{ Key, Code, Message string }
	type result struct {
		XMLName xml.Name `xml:"DeleteResult"`
		Error   []failure
	}
	var asked struct {
		Object []struct{ Key, VersionId string }
	}
	if err := xml.Unmarshal(r.body, &asked); err != nil || len(asked.Object) > maxDeletes {
		return refuse(http.StatusBadRequest, "MalformedXML", "The XML you provided was not well-formed or did not validate against our published schema")
	}
	var answer result
	for i, o := range asked.Object {
		if r.fault == FailLate && i == len(asked.Object)-1 {
			answer.Error = append(answer.Error, failure{o.Key, "InternalError", "We encountered an internal error. Please try again."})
			continue
		}
		if o.VersionId == "" {
			return refuse(http.StatusNotImplemented, "NotImplemented", "nobody here removes an object without its versions")
		}
		r.bucket.remove(o.Key, o.VersionId)
	}
	return document(http.StatusOK, answer)
}

func (b *bucket) remove(key, id string) {
	left := slices.DeleteFunc(b.versions[key], func(v version) bool { return v.id() == id })
	b.versions[key], b.sorted = left, nil
	if len(left) == 0 {
		delete(b.versions, key)
	}
	if len(left) == 0 || left[len(left)-1].marker {
		delete(b.objects, key)
	}
}

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListMultipartUploads.html
func (s *Server) listUploads(r *request) reply {
	type listed struct{ Key, UploadId string }
	type result struct {
		XMLName xml.Name `xml:"ListMultipartUploadsResult"`
		Upload  []listed
	}
	var answer result
	for _, id := range slices.Sorted(maps.Keys(r.bucket.uploads)) {
		answer.Upload = append(answer.Upload, listed{r.bucket.uploads[id].key, id})
	}
	return document(http.StatusOK, answer)
}

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucket.html
func (s *Server) deleteBucket(r *request) reply {
	if len(r.bucket.versions) > 0 {
		return refuse(http.StatusConflict, "BucketNotEmpty", "The bucket you tried to delete is not empty. You must delete all versions in the bucket.")
	}
	maps.DeleteFunc(s.buckets, func(name string, b *bucket) bool {
		if b == r.bucket {
			s.formation.free("AWS::S3::Bucket", place{r.Account, r.Region}, name)
		}
		return b == r.bucket
	})
	return reply{code: http.StatusNoContent}
}

// OpenUpload begins an upload in parts that nobody goes on with.
func (s *Server) OpenUpload(name, key string) {
	s.lock.Lock()
	defer s.lock.Unlock()
	s.uploads++
	s.buckets[name].uploads["upload-"+strconv.Itoa(s.uploads)] = &upload{key, map[int]part{}}
}

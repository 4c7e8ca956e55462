package cloudtest

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"net/http"
	"strconv"
)

// upload is one in parts that is not complete.
type upload struct {
	key   string
	parts map[int]part
}

type part struct {
	data []byte
	sum  string
}

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateMultipartUpload.html
func (s *Server) begin(r *request) reply {
	type result struct {
		XMLName  xml.Name `xml:"InitiateMultipartUploadResult"`
		Key      string
		UploadId string
	}
	if r.Header.Get("X-Amz-Checksum-Algorithm") != "SHA256" {
		return refuse(http.StatusBadRequest, "InvalidRequest", "nobody should upload without checksums")
	}
	s.uploads++
	id := "upload-" + strconv.Itoa(s.uploads)
	r.bucket.uploads[id] = &upload{r.Key, map[int]part{}}
	return document(http.StatusOK, result{Key: r.Key, UploadId: id})
}

// upload is the one that a request goes on with.
func (r *request) upload() (*upload, *reply) {
	id := r.URL.Query().Get("uploadId")
	if r.fault == LoseParts {
		delete(r.bucket.uploads, id)
	}
	if u := r.bucket.uploads[id]; u != nil && u.key == r.Key {
		return u, nil
	}
	denied := refuse(http.StatusNotFound, "NoSuchUpload", "The specified upload does not exist.")
	return nil, &denied
}

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPart.html
func (s *Server) part(r *request) reply {
	u, gone := r.upload()
	if gone != nil {
		return *gone
	}
	sum, wrong := r.received()
	if wrong != nil {
		return *wrong
	}
	number, err := strconv.Atoi(r.Part)
	if err != nil || number < 1 {
		return refuse(http.StatusBadRequest, "InvalidArgument", "Part number must be an integer between 1 and 10000")
	}
	u.parts[number] = part{r.body, sum}
	return reply{code: http.StatusOK, header: map[string]string{"ETag": etag(number), "x-amz-checksum-sha256": r.said(sum)}}
}

func etag(number int) string { return fmt.Sprintf(`"part-%d"`, number) }

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html
func (s *Server) complete(r *request) reply {
	type result struct {
		XMLName        xml.Name `xml:"CompleteMultipartUploadResult"`
		Key            string
		ChecksumSHA256 string
	}
	u, gone := r.upload()
	if gone != nil {
		return *gone
	}
	data, sum, wrong := s.assemble(r, u)
	if wrong != nil {
		return *wrong
	}
	if r.fault == FailLate {
		late := refuse(http.StatusOK, "InternalError", "We encountered an internal error. Please try again.")
		return late
	}
	if denied := s.writtenOnce(r, u.key, data); denied != nil {
		if denied.code == http.StatusConflict {
			delete(r.bucket.uploads, r.URL.Query().Get("uploadId"))
		}
		return *denied
	}
	delete(r.bucket.uploads, r.URL.Query().Get("uploadId"))
	s.store(r, u.key, data)
	return document(http.StatusOK, result{Key: u.key, ChecksumSHA256: r.said(sum)})
}

// assemble puts the parts together that a completion lists.
func (s *Server) assemble(r *request, u *upload) (data []byte, sum string, wrong *reply) {
	var asked struct {
		Part []struct {
			PartNumber     int
			ETag           string
			ChecksumSHA256 string
		}
	}
	if err := xml.Unmarshal(r.body, &asked); err != nil {
		return nil, "", answered(refuse(http.StatusBadRequest, "MalformedXML", err.Error()))
	}
	sums := sha256.New()
	for i, p := range asked.Part {
		there, ok := u.parts[p.PartNumber]
		if !ok || p.PartNumber != i+1 || p.ETag != etag(p.PartNumber) || p.ChecksumSHA256 != there.sum {
			return nil, "", answered(refuse(http.StatusBadRequest, "InvalidPart", "One or more of the specified parts could not be found."))
		}
		if i < len(asked.Part)-1 && int64(len(there.data)) < s.MinPartSize {
			return nil, "", answered(refuse(http.StatusBadRequest, "EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size"))
		}
		data = append(data, there.data...)
		raw, _ := base64.StdEncoding.DecodeString(there.sum)
		sums.Write(raw)
	}
	if size := r.Header.Get("X-Amz-Mp-Object-Size"); size != strconv.Itoa(len(data)) {
		return nil, "", answered(refuse(http.StatusBadRequest, "InvalidRequest", "The object is of another size"))
	}
	return data, base64.StdEncoding.EncodeToString(sums.Sum(nil)) + "-" + strconv.Itoa(len(asked.Part)), nil
}

func answered(a reply) *reply { return &a }

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_AbortMultipartUpload.html
func (s *Server) abort(r *request) reply {
	if _, gone := r.upload(); gone != nil {
		return *gone
	}
	delete(r.bucket.uploads, r.URL.Query().Get("uploadId"))
	return reply{code: http.StatusNoContent}
}

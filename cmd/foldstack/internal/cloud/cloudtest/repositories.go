package cloudtest

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
)

// DateImage gives an image another time of its push.
func (s *Server) DateImage(region, repository, tag string, when time.Time) {
	s.lock.Lock()
	defer s.lock.Unlock()
	s.registries[region].pushed[repository+":"+tag] = when
}

// PutImage stores an image under a tag without asking anybody.
func (s *Server) PutImage(region, repository, tag, manifest string) {
	s.lock.Lock()
	defer s.lock.Unlock()
	s.registries[region].tags[repository+":"+tag] = manifest
}

// HasRepository reports whether there is one.
func (s *Server) HasRepository(region, name string) bool {
	s.lock.Lock()
	defer s.lock.Unlock()
	return s.repository(region, name)
}

// repositoryCalls are those of ECR about what is there, and about removing it.
var repositoryCalls = map[string]func(*Server, string, []byte) reply{
	"BatchDeleteImage":     (*Server).batchDeleteImage,
	"DeleteRepository":     (*Server).deleteRepository,
	"DescribeImages":       (*Server).describeImages,
	"DescribeRepositories": (*Server).describeRepositories,
}

func noRepository() reply {
	return object(http.StatusBadRequest, map[string]string{"__type": "RepositoryNotFoundException", "message": "The repository does not exist in the registry"})
}

type repositoryInput struct {
	RegistryID      string   `json:"registryId"`
	RepositoryName  string   `json:"repositoryName"`
	RepositoryNames []string `json:"repositoryNames"`
	NextToken       string   `json:"nextToken"`
	Force           bool     `json:"force"`
	ImageIDs        []struct {
		ImageTag string `json:"imageTag"`
	} `json:"imageIds"`
}

// repositoryAsked is the input of a call about a repository that is there.
func (s *Server) repositoryAsked(region string, body []byte) (input repositoryInput, there bool) {
	if err := json.Unmarshal(body, &input); err != nil {
		return input, false
	}
	if len(input.RepositoryNames) == 1 {
		input.RepositoryName = input.RepositoryNames[0]
	}
	return input, input.RegistryID == s.account && s.repository(region, input.RepositoryName)
}

// https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeRepositories.html
func (s *Server) describeRepositories(region string, body []byte) reply {
	input, there := s.repositoryAsked(region, body)
	if !there {
		return noRepository()
	}
	return object(http.StatusOK, map[string]any{"repositories": []any{map[string]string{"repositoryName": input.RepositoryName}}})
}

// https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeImages.html
func (s *Server) describeImages(region string, body []byte) reply {
	input, there := s.repositoryAsked(region, body)
	if !there {
		return noRepository()
	}
	r := s.registries[region]
	images := []any{}
	for _, reference := range slices.Sorted(maps.Keys(r.tags)) {
		tag, mine := strings.CutPrefix(reference, input.RepositoryName+":")
		if !mine {
			continue
		}
		when, known := r.pushed[reference]
		if !known {
			when = epoch
		}
		images = append(images, map[string]any{"imageTags": []string{tag}, "imageSizeInBytes": len(r.tags[reference]), "imagePushedAt": when.Unix()})
	}
	answer := map[string]any{}
	images, next := page(images, input.NextToken, s.PageSize)
	answer["imageDetails"] = images
	if next != "" {
		answer["nextToken"] = next
	}
	return object(http.StatusOK, answer)
}

// https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_BatchDeleteImage.html
func (s *Server) batchDeleteImage(region string, body []byte) reply {
	input, there := s.repositoryAsked(region, body)
	switch {
	case !there:
		return noRepository()
	case len(input.ImageIDs) > maxImageIDs:
		return object(http.StatusBadRequest, map[string]string{"__type": "InvalidParameterException"})
	}
	r := s.registries[region]
	gone, failures := []any{}, []any{}
	for _, id := range input.ImageIDs {
		reference := input.RepositoryName + ":" + id.ImageTag
		if _, there := r.tags[reference]; there {
			delete(r.tags, reference)
			gone = append(gone, id)
		} else {
			failures = append(failures, map[string]any{"imageId": id, "failureCode": "ImageNotFound", "failureReason": "Requested image not found"})
		}
	}
	return object(http.StatusOK, map[string]any{"imageIds": gone, "failures": failures})
}

// https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DeleteRepository.html
func (s *Server) deleteRepository(region string, body []byte) reply {
	input, there := s.repositoryAsked(region, body)
	if !there {
		return noRepository()
	}
	r := s.registries[region]
	images := func(reference, _ string) bool { return strings.HasPrefix(reference, input.RepositoryName+":") }
	before := len(r.tags)
	left := maps.Clone(r.tags)
	maps.DeleteFunc(left, images)
	if len(left) < before && !input.Force {
		return object(http.StatusBadRequest, map[string]string{"__type": "RepositoryNotEmptyException", "message": "The repository contains images"})
	}
	r.tags = left
	delete(r.repositories, input.RepositoryName)
	s.formation.free("AWS::ECR::Repository", place{s.account, region}, input.RepositoryName)
	return object(http.StatusOK, map[string]any{})
}

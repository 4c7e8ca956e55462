package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path"
	"regexp"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/cloudtest"
	"github.com/foldstack/foldstack/generator"
	"github.com/foldstack/foldstack/generator/model"
)

// pipeline is a command of scripts, for what a pipeline does:
//
//	pipeline bootstrap     makes the base stacks
//	pipeline deploy ENV…   publishes, and deploys the targets of these environments, as far as that succeeds
//	pipeline history FILE  gives the pipeline the stages, runs and doors in FILE
func pipeline(ts *testscript.TestScript, neg bool, args []string) {
	value, ok := cloudOf.Load(ts)
	if neg || len(args) == 0 || !ok {
		ts.Fatalf("pipeline takes a command and no negation, and AWS that was started")
	}
	d := deployer{value.(*standIn).Server}
	if args[0] == "history" {
		var p cloudtest.Pipeline
		ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[1])), &p))
		d.server.AddPipeline("111111111111", "eu-central-1", p)
		return
	}
	result, err := generator.Check(context.Background(), generator.Options{Root: ts.MkAbs(".")})
	ts.Check(err)
	switch args[0] {
	case "bootstrap":
		ts.Check(d.bootstrap(result))
	case "deploy":
		d.publish(result)
		for _, environment := range args[1:] {
			for _, t := range result.Project.Environment(environment).Targets() {
				ts.Check(d.deploy(result, t))
			}
		}
	default:
		ts.Fatalf("pipeline knows no %s", args[0])
	}
}

// deployer deploys without the SDK, whose environment a script cannot set for this
// process.
type deployer struct{ server *cloudtest.Server }

var keyOutput = regexp.MustCompile(`<OutputKey>` + generator.BaseKey + `</OutputKey><OutputValue>([^<]*)<`)

func (d deployer) bootstrap(result *generator.Result) error {
	key := ""
	for _, b := range result.Bases {
		described, err := d.stack(b.Account, b.Region, b.Name, string(b.Template), b.Parameters(key))
		if err != nil {
			return err
		}
		if m := keyOutput.FindStringSubmatch(described); m != nil && key == "" {
			key = m[1]
		}
	}
	return nil
}

// publish stores what a deployment reads.
func (d deployer) publish(result *generator.Result) {
	for _, region := range result.Project.Regions() {
		bucket := model.AssetBucket(result.Project.Name, result.Project.Tooling.Account, region)
		for _, a := range result.Assets {
			d.server.Put(bucket, a.Key, a.Data)
		}
		for i := range result.Project.Functions {
			d.server.Put(bucket, model.ArchiveKey(result.Project.Functions[i].Digest), []byte("an archive"))
		}
	}
}

// deploy makes or updates the stack of a target.
func (d deployer) deploy(result *generator.Result, t model.Target) error {
	files := map[string][]byte{}
	for _, f := range result.Files {
		files[f.Path] = f.Data
	}
	var configuration struct{ Parameters map[string]string }
	name := path.Join(result.Project.Output, "parameters", strings.Join([]string{t.Environment, t.Account, t.Region}, "-")+".json")
	if err := json.Unmarshal(files[name], &configuration); err != nil {
		return fmt.Errorf("reading %s: %w", name, err)
	}
	template := string(files[path.Join(result.Project.Output, "orchestration.yaml")])
	_, err := d.stack(t.Account, t.Region, model.OrchestrationStack(result.Project.Name, t.Environment, "1"), template, configuration.Parameters)
	return err
}

// stack makes a stack, or updates it, and says how CloudFormation describes it at the
// end of that.
func (d deployer) stack(account, region, name, template string, parameters map[string]string) (string, error) {
	call := url.Values{"StackName": {name}, "TemplateBody": {template}, "Capabilities.member.1": {"CAPABILITY_NAMED_IAM"}}
	i := 0
	for key, value := range parameters {
		i++
		prefix := "Parameters.member." + strconv.Itoa(i)
		call.Set(prefix+".ParameterKey", key)
		call.Set(prefix+".ParameterValue", value)
	}
	answer, err := d.call(account, region, "CreateStack", call)
	if err == nil && strings.Contains(answer, "<Code>AlreadyExistsException</Code>") {
		answer, err = d.call(account, region, "UpdateStack", call)
	}
	if err != nil {
		return "", err
	}
	if strings.Contains(answer, "<Code>") && !strings.Contains(answer, "No updates are to be performed") {
		return "", errors.New(answer)
	}
	for {
		described, err := d.call(account, region, "DescribeStacks", url.Values{"StackName": {name}})
		if err != nil || !strings.Contains(described, "_IN_PROGRESS</StackStatus>") {
			return described, err
		}
	}
}

func (d deployer) call(account, region, action string, form url.Values) (string, error) {
	form.Set("Action", action)
	request, err := http.NewRequestWithContext(context.Background(), http.MethodPost, d.server.URL, strings.NewReader(form.Encode()))
	if err != nil {
		return "", err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential="+cloudtest.AccessKey(account)+"/20260101/"+region+"/cloudformation/aws4_request")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	return string(body), err
}

package demand

import (
	"strconv"

	"github.com/foldstack/foldstack/generator/estate"
	"github.com/foldstack/foldstack/generator/symbol"
)

const (
	lambdaService = "lambda.amazonaws.com"

	executionRolePage  = "https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html"
	functionLogsPage   = "https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html"
	tracingPage        = "https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html"
	vpcPage            = "https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html"
	fileSystemPage     = "https://docs.aws.amazon.com/lambda/latest/dg/configuration-filesystem.html"
	sourceFunctionPage = "https://docs.aws.amazon.com/lambda/latest/dg/permissions-source-function-arn.html"
	archiveKeyPage     = "https://docs.aws.amazon.com/lambda/latest/dg/encrypt-zip-package.html"
	asyncPage          = "https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html"
)

// sourceFunction is the key by which Lambda says which function it calls for.
//
// https://docs.aws.amazon.com/lambda/latest/dg/permissions-source-function-arn.html
const sourceFunction = "lambda:sourcefunctionarn"

// function are the calls of a function itself, and of Lambda with its role.
func (r *running) function(f *estate.Resource) {
	role := textAt(f.Properties, "Role")
	if role == "" {
		return
	}
	r.assumed(serving(f, lambdaService, executionRolePage, "Role"), exactly(role))
	r.writesLog(f, role)
	r.isTraced(f, role)
	r.joinsNetwork(f, role)
	r.mounts(f, role)
	r.decrypts(f, role)
	if target := textAt(f.Properties, "DeadLetterConfig", "TargetArn"); target != "" {
		c := acting(f, role, asyncPage, "DeadLetterConfig", "TargetArn")
		r.sends(c, "Lambda hands on what "+title(f)+" failed at", target, unmarked)
	}
}

// writesLog: what a request for a log group alone is about ends in an empty stream, as
// CloudWatch Logs says when it refuses one.
//
// https://github.com/elastic/apm-aws-lambda/issues/526
func (r *running) writesLog(f *estate.Resource, role string) {
	name := textAt(f.Properties, "LoggingConfig", "LogGroup")
	if name == "" {
		name = "/aws/lambda/" + f.Ref
	}
	stack := f.Stack
	group := arnOf(stack.Partition, "logs", stack.Region, stack.Account, "log-group:"+name)
	streams := group + ":log-stream:"
	c := acting(f, role, functionLogsPage, "LoggingConfig")
	within := []string{group + ":*"}
	if here(r.whose(logGroupType, "", name), f) == nil {
		made := thing{arn: streams, within: within}.with(sourceFunction, f.ARN)
		r.add(wished(f, c.calls("Lambda makes the log group of "+title(f), made, "logs:CreateLogGroup"))...)
	}
	stream := thing{arn: streams + symbol.New("stream"), within: within}.with(sourceFunction, f.ARN)
	r.add(wished(f, c.calls("Lambda writes the log of "+title(f), stream, "logs:CreateLogStream", "logs:PutLogEvents"))...)
}

// wished are demands without which a function runs as well, unlogged or untraced: those
// of a function that a user wrote are the user's to fulfil.
func wished(f *estate.Resource, demands []Demand) []Demand {
	for i := range demands {
		demands[i].Spare = f.Entry.Written()
	}
	return demands
}

func (r *running) isTraced(f *estate.Resource, role string) {
	if textAt(f.Properties, "TracingConfig", "Mode") != "Active" {
		return
	}
	c := acting(f, role, tracingPage, "TracingConfig", "Mode")
	r.add(wished(f, c.calls("Lambda sends the traces of "+title(f), everything().with(sourceFunction, f.ARN), "xray:PutTelemetryRecords", "xray:PutTraceSegments"))...)
}

// joinsNetwork: nobody can name the network interfaces, and Lambda asks for the right
// to delete each of them.
func (r *running) joinsNetwork(f *estate.Resource, role string) {
	config := mapAt(f.Properties, "VpcConfig")
	if len(oneOrMany(config.Get("SubnetIds"))) == 0 {
		return
	}
	c := acting(f, role, vpcPage, "VpcConfig")
	why := "Lambda attaches " + title(f) + " to its VPC"
	ec2 := func(resource string) thing {
		return thing{arn: arnOf(f.Stack.Partition, "ec2", f.Stack.Region, f.Stack.Account, resource), within: []string{"*"}}
	}
	attached := ec2("network-interface/" + symbol.New("interface"))
	r.add(c.calls(why, attached, "ec2:AssignPrivateIpAddresses", "ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface", "ec2:UnassignPrivateIpAddresses")...)
	for _, id := range oneOrMany(config.Get("SecurityGroupIds")) {
		r.add(c.calls(why, ec2("security-group/"+id), "ec2:CreateNetworkInterface")...)
	}
	for _, id := range oneOrMany(config.Get("SubnetIds")) {
		r.add(c.calls(why, ec2("subnet/"+id), "ec2:CreateNetworkInterface")...)
	}
	r.add(c.calls(why, everything(), "ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets")...)
}

// mounts: the file system is that of the access point, which the estate may not hold.
func (r *running) mounts(f *estate.Resource, role string) {
	for i, config := range mapsAt(f.Properties, "FileSystemConfigs") {
		point := textAt(config, "Arn")
		if point == "" {
			continue
		}
		id := symbol.New("file system")
		if resource := r.estate.ByARN(point); resource != nil {
			id = textAt(resource.Properties, "FileSystemId")
		}
		system := thing{arn: arnOf(f.Stack.Partition, "elasticfilesystem", f.Stack.Region, accountOf(point, f.Stack.Account), "file-system/"+id)}.
			with("elasticfilesystem:accesspointarn", point).with(sourceFunction, f.ARN)
		c := acting(f, role, fileSystemPage, "FileSystemConfigs", strconv.Itoa(i))
		r.add(c.calls("Lambda mounts the file system of "+title(f), system, "elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite")...)
	}
}

// decrypts: environment variables with the function's role, archives by Lambda itself.
func (r *running) decrypts(f *estate.Resource, role string) {
	if key := textAt(f.Properties, "KmsKeyArn"); key != "" && f.Properties.Has("Environment") {
		c := acting(f, role, sourceFunctionPage, "KmsKeyArn")
		r.add(c.calls("Lambda decrypts the environment of "+title(f), r.key(key, f).with("kms:encryptioncontext:aws:lambda:functionarn", f.ARN), "kms:Decrypt")...)
	}
	if key := textAt(f.Properties, "Code", "SourceKMSKeyArn"); key != "" {
		c := serving(f, lambdaService, archiveKeyPage, "Code", "SourceKMSKeyArn")
		on := r.key(key, f).narrowedBy("kms:encryptioncontext:aws:lambda:functionarn", f.ARN).with("aws:sourceaccount", f.Stack.Account)
		r.add(c.calls("Lambda keeps the code of "+title(f)+" encrypted", on, "kms:Decrypt", "kms:GenerateDataKey")...)
	}
}

// destinations: what becomes of asynchronous calls.
func (r *running) destinations(config *estate.Resource) {
	f := r.estate.Function(textAt(config.Properties, "FunctionName"), config)
	for _, outcome := range []string{"OnFailure", "OnSuccess"} {
		target := textAt(config.Properties, "DestinationConfig", outcome, "Destination")
		if f == nil || target == "" {
			continue
		}
		c := acting(config, textAt(f.Properties, "Role"), asyncPage, "DestinationConfig", outcome, "Destination")
		c.step = atRunTime(title(f))
		r.sends(c, "Lambda tells how a call of "+title(f)+" ended", target, unmarked)
	}
}

package demand

import (
	"strconv"
	"strings"

	"github.com/foldstack/foldstack/generator/estate"
	"github.com/foldstack/foldstack/generator/symbol"
)

// source is what Lambda calls with a function's role to read an event source.
type source struct {
	actions  []string // on the source
	anywhere []string // that know no resource
	beside   []beside // on what belongs to the source, under names that it does not tell
	network  bool     // through interfaces in the source's VPC
	page     string
}

// beside is an action on a resource of the source's service, and how its ARN goes on
// behind the account.
type beside struct{ action, kind string }

// sources are the event sources by the service that their ARNs name.
var sources = map[string]source{
	"sqs": {
		actions: []string{"sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"},
		page:    "https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html",
	},
	"kinesis": {
		actions:  []string{"kinesis:DescribeStream", "kinesis:DescribeStreamSummary", "kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:ListShards"},
		anywhere: []string{"kinesis:ListStreams"},
		page:     "https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-create.html",
	},
	"dynamodb": {
		actions:  []string{"dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"},
		anywhere: []string{"dynamodb:ListStreams"},
		page:     "https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-eventsourcemapping.html",
	},
	"kafka": {
		actions:  []string{"kafka:DescribeClusterV2"},
		anywhere: []string{"kafka:GetBootstrapBrokers"},
		network:  true,
		page:     "https://docs.aws.amazon.com/lambda/latest/dg/with-msk-permissions.html",
	},
	// A cluster of Amazon DocumentDB, whose API is that of Amazon RDS.
	// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonrds.html
	"rds": {
		actions: []string{"rds:DescribeDBClusters"},
		beside:  []beside{{"rds:DescribeDBClusterParameters", "cluster-pg:"}, {"rds:DescribeDBSubnetGroups", "subgrp:"}},
		network: true,
		page:    "https://docs.aws.amazon.com/lambda/latest/dg/with-documentdb.html",
	},
	"mq": {
		actions: []string{"mq:DescribeBroker"},
		network: true,
		page:    "https://docs.aws.amazon.com/lambda/latest/dg/process-messages-with-lambda.html",
	},
}

// selfManaged is a Kafka cluster that is no resource of AWS. Lambda reaches it through a
// VPC where the mapping names subnets.
var selfManaged = source{page: "https://docs.aws.amazon.com/lambda/latest/dg/smaa-permissions.html"}

// kafkaActions are those of a cluster that knows its clients by IAM, which Lambda uses
// where it is given no secret.
//
// https://docs.aws.amazon.com/lambda/latest/dg/with-msk-permissions.html
var kafkaActions = []struct{ resource, action string }{
	{"cluster", "kafka-cluster:Connect"},
	{"cluster", "kafka-cluster:DescribeClusterDynamicConfiguration"},
	{"group", "kafka-cluster:AlterGroup"},
	{"group", "kafka-cluster:DescribeGroup"},
	{"topic", "kafka-cluster:DescribeTopic"},
	{"topic", "kafka-cluster:ReadData"},
}

// networkActions attach an event source mapping to the VPC of its source. They are about
// interfaces that only Lambda knows, or know no resource.
//
// https://docs.aws.amazon.com/lambda/latest/dg/with-msk-permissions.html
var networkActions = []string{
	"ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface", "ec2:DescribeNetworkInterfaces",
	"ec2:DescribeSecurityGroups", "ec2:DescribeSubnets", "ec2:DescribeVpcs",
}

// filterKeyPage is about the key of a mapping's filter.
const filterKeyPage = "https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html"

// eventSource are the calls with the function's role by which Lambda reads a source.
func (r *running) eventSource(m *estate.Resource) {
	f := r.estate.Function(textAt(m.Properties, "FunctionName"), m)
	if f == nil {
		return
	}
	role, why := textAt(f.Properties, "Role"), "Lambda reads what "+title(f)+" works on"
	arn := textAt(m.Properties, "EventSourceArn")
	from, known := sources[serviceOf(arn)]
	if arn == "" {
		from, known = selfManaged, true
	}
	if !known {
		return
	}
	c := acting(m, role, from.page, "EventSourceArn")
	c.step = atRunTime(title(f))
	if arn != "" {
		r.readsSource(c, why, arn, from)
	}
	r.accessesSource(c, why, m, from, arn)
	r.filters(f, m)
	if target := textAt(m.Properties, "DestinationConfig", "OnFailure", "Destination"); target != "" {
		r.sends(c, "Lambda hands on what "+title(f)+" failed at", target, unmarked)
	}
}

// readsSource: a consumer with its own throughput is named by an ARN below its stream's.
//
// https://docs.aws.amazon.com/streams/latest/dev/building-enhanced-consumers-api.html
func (r *running) readsSource(c caller, why, arn string, from source) {
	stream, _, isConsumer := strings.Cut(arn, "/consumer/")
	r.add(c.calls(why, exactly(stream), from.actions...)...)
	if isConsumer {
		r.add(c.calls(why, exactly(arn), "kinesis:SubscribeToShard")...)
	}
	r.add(listed(c.calls(why, everything(), from.anywhere...))...)
	for _, b := range from.beside {
		r.add(c.calls(why, below(strings.TrimSuffix(arn, nameOf(arn))+b.kind, "name"), b.action)...)
	}
	r.reads(c, why, stream)
}

// listed are demands of which the listing of streams is spare: AWS grants it on everything
// in one place and on the streams of a table in another.
//
// https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSLambdaKinesisExecutionRole.html
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/iam-policy-example-lamda-process-dynamodb-streams.html
func listed(demands []Demand) []Demand {
	for i := range demands {
		demands[i].Spare = strings.HasSuffix(demands[i].Action, ":ListStreams")
	}
	return demands
}

// accessesSource: secrets by which the source knows Lambda, and its VPC.
func (r *running) accessesSource(c caller, why string, m *estate.Resource, from source, arn string) {
	secret, network := false, from.network
	for i, access := range mapsAt(m.Properties, "SourceAccessConfigurations") {
		uri := textAt(access, "URI")
		switch {
		case strings.HasPrefix(textAt(access, "Type"), "VPC_"):
			network = true
		case serviceOf(uri) == "secretsmanager":
			secret = true
			c.cause = m.At("SourceAccessConfigurations", strconv.Itoa(i), "URI")
			r.add(c.calls(why, exactly(uri), "secretsmanager:GetSecretValue")...)
			r.reads(c, why, uri)
		}
	}
	if network {
		for _, action := range networkActions {
			r.add(c.calls(why, everything(), action)...)
		}
	}
	if serviceOf(arn) == "kafka" && !secret {
		for _, call := range kafkaActions {
			r.add(c.calls(why, partOfCluster(arn, call.resource), call.action)...)
		}
	}
}

// partOfCluster is a cluster, or a topic or consumer group of it.
//
// https://docs.aws.amazon.com/msk/latest/developerguide/kafka-actions.html
func partOfCluster(cluster, kind string) thing {
	if kind == "cluster" {
		return exactly(cluster)
	}
	return below(strings.Replace(cluster, ":cluster/", ":"+kind+"/", 1)+"/", kind)
}

// filters: the filter of a mapping is decrypted by Lambda itself.
func (r *running) filters(f, m *estate.Resource) {
	key := textAt(m.Properties, "KmsKeyArn")
	if key == "" || !m.Properties.Has("FilterCriteria") {
		return
	}
	c := serving(m, lambdaService, filterKeyPage, "KmsKeyArn")
	arn := m.ARN
	if arn == "" {
		arn = arnOf(m.Stack.Partition, "lambda", m.Stack.Region, m.Stack.Account, "event-source-mapping:"+symbol.New(symbol.Show(m.Ref)))
	}
	r.add(c.calls("Lambda decrypts the filter of "+title(f), r.key(key, m).sentFor(arn, m.Stack.Account), "kms:Decrypt")...)
}

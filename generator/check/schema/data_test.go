package schema

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestTheDataIsWhatItsHeaderSays(t *testing.T) {
	d, err := open(embedded)
	require.NoError(t, err)
	assert.Equal(t, "1.58.0", d.header.Linter)
	assert.Equal(t, "2026-10-20T22:11:15Z", d.header.Schemas)
	assert.Equal(t, 1884, d.header.Types)
	assert.Len(t, d.names, d.header.Types)
	assert.IsIncreasing(t, d.names)
	assert.Less(t, len(embedded), 1_200_000)
	for _, name := range []string{"AWS::Lambda::Function", "AWS::S3::Bucket", "AWS::CodePipeline::Pipeline", "AWS::CloudFormation::Stack", custom} {
		assert.True(t, Exists(name), name)
	}
	assert.False(t, Exists("AWS::Lambda::Funktion"))
	assert.True(t, Exists("AWS::Serverless::Function"), "in a template with the transform")
}

func TestASchemaIsDecodedWhenItsTypeIsAskedForAndNotBefore(t *testing.T) {
	d, err := open(embedded)
	require.NoError(t, err)
	decoded := func() (names []string) {
		for _, name := range d.names {
			if d.entries[name].typ != nil {
				names = append(names, name)
			}
		}
		return names
	}
	assert.Empty(t, decoded())
	function := d.resource("AWS::Lambda::Function")
	assert.Equal(t, []string{"AWS::Lambda::Function"}, decoded())
	assert.Same(t, function, d.resource("AWS::Lambda::Function"))
	assert.Nil(t, d.resource("AWS::Lambda::Funktion"))
}

// Also that no schema refers to itself without going down in the value, which
// would never end.
func TestEverySchemaCompilesAndEnds(t *testing.T) {
	patterns := 0
	var beyond []string // types with a pattern of which nothing can be checked
	for _, name := range embeddedData().names {
		resource := embeddedData().resource(name)
		require.NotNil(t, resource)
		seen := map[*node]bool{}
		var visit func(n *node, trail map[*node]bool)
		visit = func(n *node, trail map[*node]bool) {
			if n == nil {
				return
			}
			require.False(t, trail[n], "%s runs in a circle", name)
			trail[n] = true
			for _, list := range [][]*node{n.OneOf, n.AnyOf, n.AllOf, {n.target, n.Not, n.If, n.Then, n.Else}} {
				for _, part := range list {
					visit(part, trail)
				}
			}
			delete(trail, n)
			if seen[n] {
				return
			}
			seen[n] = true
			for _, p := range append([]matcher{{n.Pattern, nil}}, n.keyed...) {
				if p.pattern != nil {
					patterns++
					if p.pattern.matches(""); len(p.pattern.parts) == 0 {
						beyond = append(beyond, name)
					}
				}
			}
			for _, table := range []map[string]*node{n.Properties, n.Patterns, n.Dependencies} {
				for _, child := range table {
					visit(child, map[*node]bool{})
				}
			}
			for _, child := range append(n.Prefix, n.Items) {
				visit(child, map[*node]bool{})
			}
		}
		visit(&resource.node, map[*node]bool{})
	}
	assert.Greater(t, patterns, 8000)
	assert.Equal(t, []string{"AWS::SecurityHub::Insight"}, beyond)
}

func TestATypeIsAbsentWhereTheTableSaysSo(t *testing.T) {
	assert.True(t, ExistsIn("AWS::Lambda::Function", "cn-north-1"))
	assert.True(t, ExistsIn("AWS::CodePipeline::Pipeline", "eu-central-1"))
	assert.False(t, ExistsIn("AWS::Chatbot::SlackChannelConfiguration", "cn-north-1"))
	assert.False(t, ExistsIn("AWS::DeviceFarm::Project", "us-east-1"))
	assert.True(t, ExistsIn("AWS::DeviceFarm::Project", "us-west-2"))
	assert.True(t, ExistsIn("AWS::DeviceFarm::Project", "xx-nowhere-1"), "nothing is known of the region")
	assert.True(t, ExistsIn("Custom::Thing", "us-east-1"), "nothing is known of the type")
}

func TestDamagedDataIsRefused(t *testing.T) {
	for name, file := range map[string]string{
		"empty":             "",
		"another form":      strings.Replace(embedded, "schemas 1", "schemas 2", 1),
		"no header":         form + "{",
		"a bad header":      form + "{]\n",
		"cut in the index":  embedded[:5000],
		"cut in the chunks": embedded[:len(embedded)-1],
		"one type too many": strings.Replace(embedded, `"types":1884`, `"types":1885`, 1),
		"one too few":       strings.Replace(embedded, `"types":1884`, `"types":1883`, 1),
	} {
		_, err := open(file)
		assert.Error(t, err, name)
	}
}

// typical are the types of a project that uses most of what foldstack offers.
var typical = strings.Fields(`AWS::Lambda::Function AWS::Lambda::Version AWS::Lambda::Alias AWS::Lambda::Permission AWS::Lambda::EventSourceMapping
	AWS::IAM::Role AWS::IAM::ManagedPolicy AWS::Logs::LogGroup AWS::SQS::Queue AWS::SQS::QueuePolicy AWS::SNS::Topic AWS::SNS::Subscription
	AWS::Scheduler::Schedule AWS::Events::Rule AWS::Config::ConfigRule AWS::ApiGatewayV2::Api AWS::ApiGatewayV2::Route AWS::ApiGatewayV2::Integration
	AWS::ApiGatewayV2::Stage AWS::CloudFormation::Stack AWS::S3::Bucket AWS::S3::BucketPolicy AWS::KMS::Key AWS::KMS::Alias AWS::ECR::Repository
	AWS::CodePipeline::Pipeline AWS::CodeBuild::Project AWS::DynamoDB::Table`)

// What a process pays once: the index, and the schemas of its types.
func BenchmarkStart(b *testing.B) {
	b.ReportMetric(float64(len(typical)), "types")
	for b.Loop() {
		d, err := open(embedded)
		if err != nil {
			b.Fatal(err)
		}
		for _, name := range typical {
			if d.resource(name) == nil {
				b.Fatal(name)
			}
		}
	}
}

func BenchmarkIndex(b *testing.B) {
	for b.Loop() {
		if _, err := open(embedded); err != nil {
			b.Fatal(err)
		}
	}
}

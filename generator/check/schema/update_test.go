package schema

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestAPropertyThatOnlyACreationSetsReplacesItsResource(t *testing.T) {
	for _, c := range []struct {
		typ, path string
		want      Replacement
	}{
		{"AWS::Lambda::Function", "FunctionName", Replaced},
		{"AWS::Lambda::Function", "PackageType", Replaced},
		{"AWS::Lambda::Function", "MemorySize", InPlace},
		{"AWS::Lambda::Function", "Code/S3Key", InPlace},
		{"AWS::DynamoDB::Table", "KeySchema/0/AttributeName", Maybe},
		{"AWS::DynamoDB::Table", "TableName", Replaced},
		{"AWS::EC2::Instance", "NetworkInterfaces", Replaced},
		{"AWS::Lambda::Funktion", "FunctionName", InPlace},
		{"Custom::Thing", "ServiceToken", Replaced},
		{"Custom::Thing", "Name", InPlace},
	} {
		assert.Equal(t, c.want, ReplacementOf(c.typ, strings.Split(c.path, "/")), "%s %s", c.typ, c.path)
	}
}

func TestAPropertyIsCoveredByWhatLiesAboveAndBelowIt(t *testing.T) {
	pointers := []string{"/properties/Catalog/Arn", "/properties/Tables/*/Name"}
	for path, want := range map[string]bool{
		"Catalog": true, "Catalog/Arn": true, "Catalog/Arn/x": true, "Catalog/Other": false,
		"Tables": true, "Tables/3": true, "Tables/3/Name": true, "Tables/3/Other": false, "Name": false,
	} {
		assert.Equal(t, want, covers(pointers, strings.Split(path, "/")), path)
	}
}

func TestTypesThatHoldDataAreKnown(t *testing.T) {
	for _, typ := range []string{"AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::SQS::Queue", "AWS::Logs::LogGroup", "AWS::KMS::Key"} {
		assert.True(t, Stateful(typ), typ)
	}
	for _, typ := range []string{"AWS::Lambda::Function", "AWS::IAM::Role", "AWS::Lambda::Funktion"} {
		assert.False(t, Stateful(typ), typ)
	}
}

func TestSomeTypesAreDeletedBeforeTheyAreMadeAgain(t *testing.T) {
	assert.True(t, DeletesFirst("AWS::Logs::MetricFilter"))
	assert.False(t, DeletesFirst("AWS::SQS::Queue"))
	assert.False(t, DeletesFirst("AWS::Logs::Filter"))
}

package handler

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestANameIsOursWhereItBeginsWithProjectAndEnvironment(t *testing.T) {
	n := Names{Project: "shop", Environments: []string{"dev", "prod"}}
	for _, c := range []struct {
		typ, name string
		ours      bool
	}{
		{"AWS::SQS::Queue", "shop-${Environment}-jobs", true},
		{"AWS::SQS::Queue", "${Project}-${Environment}-jobs", true},
		{"AWS::SQS::Queue", "shop-prod-jobs", true},
		{"AWS::SQS::Queue", "${AWS::StackName}-jobs", true},
		{"AWS::SQS::Queue", "shop-${Stage}-jobs", true},
		{"AWS::SQS::Queue", "shop-${Environment}", false},
		{"AWS::SQS::Queue", "shop-jobs-${Environment}", false},
		{"AWS::SQS::Queue", "shop-test-jobs", false},
		{"AWS::SQS::Queue", "jobs", false},
		{"AWS::SQS::Queue", "jobs-${AWS::Region}", false},
		{"AWS::S3::Bucket", "shop-dev-${AWS::AccountId}", true},
		{"AWS::SSM::Parameter", "/shop/${Environment}/mail", true},
		{"AWS::SSM::Parameter", "shop-${Environment}-mail", true},
		{"AWS::SSM::Parameter", "/shop/mail", false},
		{"AWS::SecretsManager::Secret", "shop/${Environment}/mail", true},
		{"AWS::SecretsManager::Secret", "/shop/${Environment}/mail", false},
		{"AWS::KMS::Alias", "alias/shop-${Environment}", true},
		{"AWS::KMS::Alias", "alias/data", false},
	} {
		assert.Equal(t, c.ours, n.Begins(c.typ, c.name), "%s %s", c.typ, c.name)
	}
}

// What the role may make and what NameProperty judges must stay one.
func TestEveryTypeThatIsJudgedByItsNameIsGrantedByName(t *testing.T) {
	for typ := range namings {
		assert.Contains(t, Known(), typ)
		if property := Naming(typ); property != "" {
			assert.Equal(t, property, NameProperty(typ), typ)
		}
	}
}

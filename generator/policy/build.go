package policy

// New makes a document of merged statements.
func New(statements ...Statement) Document {
	return Document{Version: Version, Statements: Merge(statements)}
}

// Trust is the trust policy of a role that services assume.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-service.html
func Trust(conditions []Condition, services ...string) Document {
	return New(Statement{
		Effect:     Allow,
		Principal:  Principal{Services: services},
		Actions:    []string{"sts:AssumeRole"},
		Conditions: conditions,
	})
}

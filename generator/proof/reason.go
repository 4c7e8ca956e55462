package proof

import (
	"strings"

	"github.com/foldstack/foldstack/generator/authz"
	"github.com/foldstack/foldstack/generator/symbol"
)

// Reason is why a grant may stay that is wider than what demands tell.
type Reason struct {
	Type   string     // of the resource that holds the document
	Kind   authz.Kind // of the document
	Action string     // the only action of the statement
	Root   bool       // it is for the account of the resource itself, and for nobody else; then it stays though nothing needs it
	Why    string
	Page   string // of AWS, that says so
}

// reasons hold for every set.
var reasons = []Reason{
	rootOfKey("AWS::KMS::Key"), rootOfKey("AWS::KMS::ReplicaKey"),
}

func rootOfKey(kind string) Reason {
	return Reason{
		Type: kind, Kind: authz.Resource, Action: "kms:*", Root: true,
		Why:  "the account's own policies give the use of its key, and a key that they cannot manage can be lost for ever",
		Page: "https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html#key-policy-default-allow-root-enable-iam",
	}
}

// Kept is a grant that stays for a reason.
type Kept struct {
	Document  *Document
	Statement string
	What      string // the wildcard
	Why       string
	Page      string
}

func reasonFor(l *ledger) *Reason {
	for i := range reasons {
		if reasons[i].fits(l) {
			return &reasons[i]
		}
	}
	return nil
}

func (r *Reason) fits(l *ledger) bool {
	at := sourceOf(l.statement.Policy)
	s := l.statement
	if at == nil || at.resource.Type != r.Type || l.document.Kind != r.Kind || len(s.Actions) != 1 || !strings.EqualFold(s.Actions[0], r.Action) {
		return false
	}
	if !r.Root {
		return true
	}
	account := at.resource.Stack.Account
	root := "arn:" + string(at.resource.Stack.Partition) + ":iam::" + account + ":root"
	return len(s.Principals) == 1 && (s.Principals[0].Value == account || s.Principals[0].Value == root)
}

func (w *weight) keep(l *ledger, r *Reason) {
	w.kept = append(w.kept, Kept{Document: l.document, Statement: symbol.Show(l.statement.String()), What: r.Action, Why: r.Why, Page: r.Page})
}

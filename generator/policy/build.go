package policy

// New makes a document of merged statements.
func New(statements ...Statement) Document { panic("unwritten") }

// Trust is the trust policy of a role that services assume.
func Trust(conditions []Condition, services ...string) Document { panic("unwritten") }

// Merge folds statements that differ only in their actions or only in their
// resources, and returns them in a stable order.
func Merge(statements []Statement) []Statement { panic("unwritten") }

// Size is the number of characters of a document as IAM counts it, without
// white space, with every intrinsic at its greatest length.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
func Size(d Document) int { panic("unwritten") }

// Split cuts statements into as few documents as a first-fit finds, each at
// most limit characters. A statement that alone exceeds the limit is cut at
// its resources, then at its actions.
func Split(statements []Statement, limit int) []Document { panic("unwritten") }

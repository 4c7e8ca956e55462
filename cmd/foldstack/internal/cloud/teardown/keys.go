package teardown

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud"
	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/live"
	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/stacks"
)

// The days that KMS may wait, and those that it waits where nobody says otherwise.
//
// https://docs.aws.amazon.com/kms/latest/APIReference/API_ScheduleKeyDeletion.html
const (
	MinKeyWait = 7
	MaxKeyWait = 30
)

// keyTypes are the keys that stacks of the tooling account make. KMS deletes a primary
// when its last replica is gone. The alias of a key that waits can be deleted, as its
// stack does after this.
//
// https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-delete.html
// https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html
var keyTypes = map[string]struct {
	phase Phase
	what  string
}{
	"AWS::KMS::ReplicaKey": {replicaKeys, "replica key"},
	"AWS::KMS::Key":        {primaryKey, "key"},
}

// keys plans the deletion of the keys that the stacks hold which go.
func (l *look) keys(ctx context.Context, chosen []*live.Stack) error {
	for _, s := range chosen {
		if s.Kind != live.Tooling && s.Kind != live.Region {
			continue
		}
		resources, err := s.Place.Resources(ctx, s.ID)
		if err != nil {
			return err
		}
		for _, r := range resources {
			kind, ok := keyTypes[r.Type]
			if !ok || r.PhysicalID == "" {
				continue
			}
			k, err := l.key(ctx, s, r.PhysicalID)
			if err != nil {
				return err
			}
			enabled, err := k.enabled(ctx)
			if err != nil {
				return err
			}
			if enabled {
				l.add(&Step{
					Phase: kind.phase, What: kind.what, Name: k.id, Account: s.Place.Account, Region: s.Place.Region, Left: !l.configured(s),
					do: func(ctx context.Context, _ func(stacks.Event)) error { return k.schedule(ctx, l.choice.KeyWait) },
				})
			}
		}
	}
	return nil
}

// key is a key of KMS in one region.
type key struct {
	session    *cloud.Session
	client     *kms.Client
	region, id string
}

func (l *look) key(ctx context.Context, s *live.Stack, id string) (*key, error) {
	session, err := l.accounts.Session(ctx, s.Place.Account)
	if err != nil {
		return nil, err
	}
	return &key{session, kms.NewFromConfig(session.Config(s.Place.Region)), s.Place.Region, id}, nil
}

// enabled reports a key whose deletion nobody has scheduled yet.
//
// https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html
func (k *key) enabled(ctx context.Context) (bool, error) {
	answer, err := k.client.DescribeKey(ctx, &kms.DescribeKeyInput{KeyId: &k.id})
	switch {
	case cloud.IsCode(err, "NotFoundException"):
		return false, nil
	case err != nil:
		return false, k.explain(ctx, err, "kms:DescribeKey")
	}
	state := answer.KeyMetadata.KeyState
	return state != types.KeyStatePendingDeletion && state != types.KeyStatePendingReplicaDeletion, nil
}

// schedule lets KMS delete the key when it has waited. One that waits already, because
// the answer to a call was lost, is scheduled.
func (k *key) schedule(ctx context.Context, days int) error {
	_, err := k.client.ScheduleKeyDeletion(ctx, &kms.ScheduleKeyDeletionInput{KeyId: &k.id, PendingWindowInDays: aws.Int32(int32(days))})
	if cloud.IsCode(err, "KMSInvalidStateException") {
		if enabled, lookErr := k.enabled(ctx); lookErr == nil && !enabled {
			return nil
		}
	}
	return k.explain(ctx, err, "kms:ScheduleKeyDeletion")
}

func (k *key) explain(ctx context.Context, err error, action string) error {
	return cloud.Interrupted(ctx, k.session.Explain(err, cloud.Call{Action: action, Region: k.region, Resource: "the key " + k.id}))
}

package status

import "context"

// Watch tells how it is with the latest run whenever that changes, until it has ended.
func (r *Reading) Watch(ctx context.Context, tell func(*Pipeline)) error {
	session, err := r.accounts.Session(ctx, r.subject.Project.Tooling.Account)
	if err != nil {
		return err
	}
	last := ""
	for looks := 0; ; looks++ {
		p := r.pipeline(ctx)
		if p.Err != nil {
			return p.Err
		}
		if word := p.Word(); word != last {
			last = word
			tell(&p)
		}
		if !p.Running() {
			return nil
		}
		if err := session.Pause(ctx, looks); err != nil {
			return err
		}
	}
}

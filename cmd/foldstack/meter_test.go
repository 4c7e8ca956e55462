package main

import (
	"bytes"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/foldstack/foldstack/cmd/foldstack/internal/cloud/store"
)

func metered(s *session, work time.Duration) string {
	var stderr bytes.Buffer
	s.stderr = &stderr
	done := s.meter(func() string {
		return uploadStatus(store.Progress{Uploads: 3, AllUploads: 12, Bytes: 2_500_000, AllBytes: 10_000_000})
	})
	time.Sleep(work)
	done()
	return stderr.String()
}

func TestLongWorkShowsThatItGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var stderr bytes.Buffer
		s := &session{stderr: &stderr, interactive: true}
		done := s.progress("generating")
		time.Sleep(2500 * time.Millisecond)
		done()
		assert.Equal(t, "\rfoldstack: generating … 1s\x1b[K\rfoldstack: generating … 2s\x1b[K\r\x1b[K", stderr.String())
	})
}

func TestShortWorkIsSilent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, s := range []*session{{interactive: true}, {interactive: false}, {interactive: true, quiet: true}} {
			var stderr bytes.Buffer
			s.stderr = &stderr
			done := s.progress("generating")
			if s.quiet || !s.interactive {
				time.Sleep(time.Hour)
			} else {
				time.Sleep(900 * time.Millisecond)
			}
			done()
			assert.Empty(t, stderr.String())
		}
	})
}

func TestATerminalShowsHowFarAnUploadIsInOneLine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const line = "\rfoldstack: [#####...............]  3 of 12 uploads, 2.5 MB of 10.0 MB\x1b[K"
		assert.Equal(t, line+line+"\r\x1b[K", metered(&session{interactive: true}, 250*time.Millisecond))
	})
}

func TestALogIsToldNowAndThenHowFarAnUploadIs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const line = "foldstack: [#####...............]  3 of 12 uploads, 2.5 MB of 10.0 MB\n"
		assert.Equal(t, line+line, metered(&session{}, 25*time.Second))
		assert.Empty(t, metered(&session{}, 9*time.Second))
		assert.Empty(t, metered(&session{quiet: true, interactive: true}, time.Hour))
	})
}

func TestWhatIsSaidMeanwhileStandsAboveTheLineThatChanges(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var stderr bytes.Buffer
		s := &session{stderr: &stderr, interactive: true}
		done := s.meter(func() string { return "1 of 2" })
		time.Sleep(150 * time.Millisecond)
		s.say("shop-tooling: created")
		s.say("shop-pipeline: created")
		time.Sleep(100 * time.Millisecond)
		done()
		s.say("done")
		const line = "\rfoldstack: 1 of 2\x1b[K"
		assert.Equal(t, line+"\r\x1b[Kfoldstack: shop-tooling: created\nfoldstack: shop-pipeline: created\n"+line+"\r\x1b[Kfoldstack: done\n", stderr.String())
	})
}

func TestABarIsNeverLongerThanItsPlace(t *testing.T) {
	for _, c := range []struct {
		part, whole int64
		want        string
	}{
		{0, 10, "[....................]"},
		{9, 10, "[##################..]"},
		{10, 10, "[####################]"},
		{11, 10, "[####################]"},
		{-1, 10, "[....................]"},
		{0, 0, "[####################]"},
	} {
		assert.Equal(t, c.want, bar(c.part, c.whole))
	}
}

func TestSizesAreForPeople(t *testing.T) {
	for n, want := range map[int64]string{0: "0 B", 999: "999 B", 1000: "1.0 kB", 2_345_678: "2.3 MB", 9_876_543_210: "9.9 GB"} {
		assert.Equal(t, want, size(n))
	}
}

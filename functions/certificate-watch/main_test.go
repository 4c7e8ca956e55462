package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func watcherOf(t *testing.T, out *bytes.Buffer, left time.Duration) (watcher, *httptest.Server) {
	t.Helper()
	server := httptest.NewTLSServer(http.NotFoundHandler())
	t.Cleanup(server.Close)
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	dialer := tls.Dialer{Config: &tls.Config{RootCAs: roots}}
	now := server.Certificate().NotAfter.Add(-left)
	dialer.Config.Time = func() time.Time { return now }
	return watcher{
		hosts: []string{server.Listener.Addr().String()},
		now:   func() time.Time { return now },
		log:   json.NewEncoder(out),
		dial: func(ctx context.Context, network, address string) (net.Conn, error) {
			return dialer.DialContext(ctx, network, address)
		},
	}, server
}

func TestTheDaysLeftBecomeAMetricOfTheHost(t *testing.T) {
	var out bytes.Buffer
	watch, server := watcherOf(t, &out, 30*24*time.Hour+time.Hour)
	require.NoError(t, watch.run(t.Context()))

	var line struct {
		Host     string
		DaysLeft int
	}
	require.NoError(t, json.Unmarshal(out.Bytes(), &line))
	assert.Equal(t, server.Listener.Addr().String(), line.Host)
	assert.Equal(t, 30, line.DaysLeft)
}

func TestAHostThatDoesNotAnswerFailsTheRunAfterTheOthersWereWatched(t *testing.T) {
	var out bytes.Buffer
	watch, _ := watcherOf(t, &out, 24*time.Hour)
	gone := httptest.NewTLSServer(http.NotFoundHandler())
	gone.Close()
	watch.hosts = append([]string{gone.Listener.Addr().String()}, watch.hosts...)

	assert.ErrorContains(t, watch.run(t.Context()), gone.Listener.Addr().String())
	assert.Contains(t, out.String(), `"DaysLeft":1`)
}

func TestACertificateThatHasExpiredIsReported(t *testing.T) {
	var out bytes.Buffer
	watch, server := watcherOf(t, &out, -time.Hour)
	assert.ErrorContains(t, watch.run(t.Context()), server.Listener.Addr().String())
	assert.Empty(t, out.String())
}

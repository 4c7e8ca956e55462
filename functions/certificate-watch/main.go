// Command certificate-watch tells every night how many days the certificates of
// some hosts still live.
package main

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
)

func main() {
	watch := watcher{
		hosts: strings.Fields(strings.ReplaceAll(os.Getenv("HOSTS"), ",", " ")),
		now:   time.Now,
		log:   json.NewEncoder(os.Stdout),
		dial:  (&tls.Dialer{NetDialer: &net.Dialer{Timeout: 5 * time.Second}}).DialContext,
	}
	lambda.Start(watch.run)
}

type watcher struct {
	hosts []string
	now   func() time.Time
	log   *json.Encoder
	dial  func(ctx context.Context, network, address string) (net.Conn, error)
}

// run looks at every host and fails when one of them could not be looked at, so
// that Lambda's own error metric tells of it.
func (w watcher) run(ctx context.Context) error {
	var unreachable []string
	for _, host := range w.hosts {
		days, err := w.daysLeft(ctx, host)
		if err != nil {
			unreachable = append(unreachable, fmt.Sprintf("%s: %v", host, err))
			continue
		}
		if err := w.log.Encode(metric(host, days, w.now())); err != nil {
			return fmt.Errorf("writing the metric of %s: %w", host, err)
		}
	}
	if len(unreachable) > 0 {
		return fmt.Errorf("no certificate from %s", strings.Join(unreachable, "; "))
	}
	return nil
}

func (w watcher) daysLeft(ctx context.Context, host string) (int, error) {
	address := host
	if _, _, err := net.SplitHostPort(host); err != nil {
		address = net.JoinHostPort(host, "443")
	}
	conn, err := w.dial(ctx, "tcp", address)
	if err != nil {
		return 0, err
	}
	defer conn.Close()
	leaf := conn.(*tls.Conn).ConnectionState().PeerCertificates[0]
	return int(leaf.NotAfter.Sub(w.now()) / (24 * time.Hour)), nil
}

// metric is a line from which CloudWatch makes a metric by itself.
//
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
func metric(host string, days int, now time.Time) map[string]any {
	return map[string]any{
		"_aws": map[string]any{
			"Timestamp": now.UnixMilli(),
			"CloudWatchMetrics": []map[string]any{{
				"Namespace":  "Certificates",
				"Dimensions": [][]string{{"Host"}},
				"Metrics":    []map[string]string{{"Name": "DaysLeft", "Unit": "Count"}},
			}},
		},
		"Host":     host,
		"DaysLeft": days,
	}
}

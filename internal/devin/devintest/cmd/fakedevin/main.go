// Command fakedevin serves the fake Devin API on a loopback port, for the demo, for
// trying things by hand, and for rehearsing what a network and an API may do.
package main

import (
	"context"
	"crypto/tls"
	"encoding/pem"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	switch {
	case errors.Is(err, flag.ErrHelp):
	case err != nil:
		fmt.Fprintln(os.Stderr, "fakedevin:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	// Not flag.CommandLine, where net/http/httptest registers a flag.
	flags := flag.NewFlagSet("fakedevin", flag.ContinueOnError)
	flags.SetOutput(stderr)
	// Nothing reads the record, and it would grow as long as the program runs.
	opts := devintest.Options{Forget: true}
	var troubles troubles
	addr := flags.String("addr", "127.0.0.1:0", "loopback `address` to listen on; port 0 takes a free one")
	flags.IntVar(&opts.Members, "members", 40, "how many people the company has")
	flags.DurationVar(&opts.Latency, "latency", 0, "added to every request")
	flags.IntVar(&opts.PageSize, "page-size", 7, "most items on a page")
	flags.Uint64Var(&opts.Seed, "seed", 1, "makes the data")
	flags.StringVar(&opts.Prefix, "prefix", "", "path the API is mounted under, such as /api")
	flags.BoolVar(&opts.Uniform, "uniform", false, "all members are direct ones with two roles, and consume every day")
	flags.Func("now", "fixed `instant` in RFC 3339 that the clock shows, such as 2026-11-19T12:00:00Z", func(text string) error {
		now, err := time.Parse(time.RFC3339, text)
		opts.Now = func() time.Time { return now }
		return err
	})
	flags.IntVar(&opts.RequestsPerMinute, "rate-limit", 0, "`requests` a minute that are answered; the others get 429")
	busy := flags.Int("busy", 0, "`requests` at a time that are answered; the others get 503")
	flags.BoolVar(&opts.Gzip, "gzip", false, "compress answers for clients that accept it")
	certificate := flags.String("tls", "", "speak HTTPS, with a certificate of its own that is written to this `file`")
	flags.Func("quirk", "read the documentation in another `way`, such as Honest or UnknownUser=404; may be repeated", func(text string) error {
		name, value, _ := strings.Cut(text, "=")
		return set(&opts.Quirks, name, value)
	})
	flags.Func("fault", "what goes wrong at a `path`, such as \"/v3/enterprise/* status=503 times=3 retry-after=5\"; may be repeated", troubles.fault)
	flags.Func("move", "how lists at a `path` change while they are read, such as \"*/audit-logs insert=1 every=1s\"; may be repeated", troubles.move)
	printQuirks := flags.Bool("print-quirks", false, "list the quirks, and stop")
	printKeys := flags.Bool("print-keys", false, "list the keys it knows, and stop")
	verbose := flags.Bool("verbose", false, "log requests to stderr")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	if *printKeys {
		return listKeys(stdout)
	}
	if *printQuirks {
		return listQuirks(stdout)
	}
	if *busy > 0 {
		troubles = append(troubles, func(s *devintest.Server) {
			s.Fault("*", devintest.Fault{Status: http.StatusServiceUnavailable, Beyond: *busy})
		})
	}
	if opts.Members < 1 || opts.PageSize < 1 {
		return errors.New("-members and -page-size must be at least 1")
	}
	if opts.Now != nil && opts.RequestsPerMinute > 0 {
		return errors.New("-rate-limit counts by the minute, and with -now no minute ends")
	}
	if *verbose {
		opts.Log = func(r devintest.Request, took time.Duration) {
			fmt.Fprintln(stderr, r.Method, r.Path, r.Query.Encode(), r.Status, took.Round(time.Microsecond))
		}
	}
	return serve(ctx, *addr, *certificate, opts, troubles, stdout)
}

// listKeys has two lines a key, since one would be wider than a terminal.
func listKeys(w io.Writer) error {
	var text strings.Builder
	for _, k := range devintest.Keys() {
		code := k.Code
		if code == "" {
			code = "ok"
		}
		fmt.Fprintf(&text, "%-30s %s\n  %s\n", k.Key, code, k.Description)
	}
	_, err := io.WriteString(w, text.String())
	return err
}

// ownCertificate makes a certificate, and writes it to a file, for clients to trust.
func ownCertificate(file string) (*tls.Config, error) {
	now := time.Now()
	certificate, err := devintest.Certificate(now.Add(-time.Hour), now.AddDate(1, 0, 0))
	if err != nil {
		return nil, err
	}
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate.Certificate[0]})
	if err := os.WriteFile(file, text, 0o644); err != nil {
		return nil, fmt.Errorf("-tls: %w", err)
	}
	return &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}, nil
}

func serve(ctx context.Context, addr, certificate string, opts devintest.Options, troubles troubles, stdout io.Writer) error {
	// The keys are public, so nothing but this machine may reach it.
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return fmt.Errorf("-addr: %w", err)
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return fmt.Errorf("-addr: %q is not a loopback address", host)
	}
	fake := devintest.New(opts)
	for _, register := range troubles {
		register(fake)
	}
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", addr)
	if err != nil {
		return err
	}
	server := &http.Server{Handler: fake, ReadHeaderTimeout: 10 * time.Second}
	scheme, listen := "http", server.Serve
	if certificate != "" {
		if server.TLSConfig, err = ownCertificate(certificate); err != nil {
			return err
		}
		scheme, listen = "https", func(l net.Listener) error { return server.ServeTLS(l, "", "") }
	}
	failed := make(chan error, 1)
	go func() { failed <- listen(listener) }()
	fmt.Fprintf(stdout, "fake Devin API listening on %s://%s%s\n", scheme, listener.Addr(), opts.Prefix)

	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	fake.Close()
	// The context that ended is not one to shut down under.
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
	defer cancel()
	if err := server.Shutdown(grace); err != nil {
		return server.Close()
	}
	return nil
}

// Command fakedevin serves the fake Devin API on a loopback port, for the demo
// and for trying things by hand.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"text/tabwriter"
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
	// Not flag.CommandLine: net/http/httptest registers a flag of its own there.
	flags := flag.NewFlagSet("fakedevin", flag.ContinueOnError)
	flags.SetOutput(stderr)
	var opts devintest.Options
	addr := flags.String("addr", "127.0.0.1:0", "loopback `address` to listen on; port 0 takes a free one")
	flags.IntVar(&opts.Members, "members", 40, "how many people the company has")
	flags.DurationVar(&opts.Latency, "latency", 0, "added to every request")
	flags.IntVar(&opts.PageSize, "page-size", 7, "most items on a page")
	flags.Uint64Var(&opts.Seed, "seed", 1, "makes the data")
	flags.StringVar(&opts.Prefix, "prefix", "", "path the API is mounted under, such as /api")
	flags.BoolVar(&opts.Uniform, "uniform", false, "everybody has a direct membership, two roles, and consumes every day")
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
	if opts.Members < 1 || opts.PageSize < 1 {
		return errors.New("-members and -page-size must be at least 1")
	}
	if *verbose {
		opts.Log = func(r devintest.Request, took time.Duration) {
			fmt.Fprintln(stderr, r.Method, r.Path, r.Query.Encode(), r.Status, took.Round(time.Microsecond))
		}
	}
	return serve(ctx, *addr, opts, stdout)
}

func listKeys(w io.Writer) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, k := range devintest.Keys() {
		code := k.Code
		if code == "" {
			code = "ok"
		}
		fmt.Fprintf(table, "%s\t%s\t%s\n", k.Key, code, k.Description)
	}
	return table.Flush()
}

func serve(ctx context.Context, addr string, opts devintest.Options, stdout io.Writer) error {
	// The keys are public, so nothing but this machine may reach it.
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return fmt.Errorf("-addr: %w", err)
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return fmt.Errorf("-addr: %q is not a loopback address", host)
	}
	fake := devintest.New(opts)
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", addr)
	if err != nil {
		return err
	}
	server := &http.Server{Handler: fake, ConnState: fake.ConnState, ReadHeaderTimeout: 10 * time.Second}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	fmt.Fprintf(stdout, "fake Devin API listening on http://%s%s\n", listener.Addr(), opts.Prefix)

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

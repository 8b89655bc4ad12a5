package main

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

func TestItServesUntilItIsStopped(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	reader, stdout := io.Pipe()
	var stderr bytes.Buffer
	ended := make(chan error, 1)
	go func() {
		ended <- run(ctx, []string{"-members", "3", "-prefix", "/api", "-verbose"}, stdout, &stderr)
	}()
	line, err := bufio.NewReader(reader).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile(`^fake Devin API listening on (http://127\.0\.0\.1:\d+/api)\n$`).FindStringSubmatch(line)
	if found == nil {
		t.Fatal(line)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, found[1]+"/v3/self", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+devintest.KeyOK)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if _, err := io.Copy(io.Discard, response.Body); err != nil || response.StatusCode != http.StatusOK {
		t.Errorf("%d, %v", response.StatusCode, err)
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if log := stderr.String(); !strings.HasPrefix(log, "GET /api/v3/self") || strings.Contains(log, "cog_") {
		t.Error(log)
	}
}

func TestItListsItsKeys(t *testing.T) {
	var stdout bytes.Buffer
	if err := run(t.Context(), []string{"-print-keys"}, &stdout, io.Discard); err != nil {
		t.Fatal(err)
	}
	for _, k := range devintest.Keys() {
		if !strings.Contains(stdout.String(), k.Key+" ") {
			t.Errorf("%s is missing", k.Key)
		}
	}
}

func TestItRefusesWhatItCannotServe(t *testing.T) {
	for _, args := range [][]string{
		{"-addr", ":0"},
		{"-addr", "0.0.0.0:0"},
		{"-addr", "192.0.2.1:0"},
		{"-addr", "example.com:0"},
		{"-addr", "127.0.0.1"},
		{"-members", "0"},
		{"-page-size", "-1"},
		{"extra"},
		{"-unknown"},
	} {
		if err := run(t.Context(), args, io.Discard, io.Discard); err == nil {
			t.Errorf("%q is accepted", args)
		}
	}
}

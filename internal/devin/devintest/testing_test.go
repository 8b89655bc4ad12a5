package devintest_test

import (
	"crypto/x509"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

func TestTLSSpeaksHTTP2AndShowsItsCertificate(t *testing.T) {
	s := devintest.StartTLS(t, devintest.Options{Prefix: "/api"})
	if !strings.HasPrefix(s.URL, "https://127.0.0.1:") || !strings.HasSuffix(s.URL, "/api") {
		t.Error(s.URL)
	}
	pool := x509.NewCertPool()
	pool.AddCert(s.Certificate())
	if _, err := s.Certificate().Verify(x509.VerifyOptions{Roots: pool, DNSName: "127.0.0.1"}); err != nil {
		t.Error(err)
	}
	request := newRequest(t, s, http.MethodGet, selfPath)
	response, err := s.Client().Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if _, err := io.Copy(io.Discard, response.Body); err != nil || response.Proto != "HTTP/2.0" {
		t.Errorf("%s, %v", response.Proto, err)
	}
}

func TestACertificateMayBeExpired(t *testing.T) {
	certificate, err := devintest.Certificate(time.Unix(0, 0), time.Unix(1, 0))
	if err != nil {
		t.Fatal(err)
	}
	s := devintest.StartTLS(t, devintest.Options{}, certificate)
	_, err = try(t, s, devintest.KeyOK, selfPath)
	if err == nil || !strings.Contains(err.Error(), "expired") {
		t.Error(err)
	}
}

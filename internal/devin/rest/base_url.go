package rest

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"regexp"
	"strings"
)

// ParseBaseURL reads the address of the API. A path prefix is kept, trailing
// slashes are dropped. Plain http is for loopback only, since every request
// carries the key.
func ParseBaseURL(text string) (*url.URL, error) {
	u, err := url.Parse(strings.TrimSpace(text))
	switch {
	case err != nil, u.Scheme != "https" && u.Scheme != "http", u.Opaque != "", u.Hostname() == "":
		return nil, fmt.Errorf("it is not a URL such as %s", DefaultBaseURL)
	case u.User != nil:
		return nil, errors.New("it must not have a user name or password in it; the key has a setting of its own")
	case u.RawQuery != "" || u.ForceQuery:
		return nil, errors.New("it must not have a query (?...)")
	case u.Fragment != "" || strings.Contains(text, "#"):
		return nil, errors.New("it must not have a fragment (#...)")
	case versioned.MatchString(u.Path):
		return nil, errors.New("it must end before the API's version: the provider adds /v3 and what follows by itself")
	case u.Scheme == "http" && !isLoopback(u.Hostname()):
		return nil, errors.New("plain http would send the key in clear text; it is accepted for loopback addresses only, so use https")
	}
	clean := &url.URL{Scheme: u.Scheme, Host: u.Host}
	// Trimmed as it is written: an escaped slash at the end belongs to a name.
	clean.RawPath = strings.TrimRight(u.EscapedPath(), "/")
	clean.Path, err = url.PathUnescape(clean.RawPath)
	return clean, err
}

// versioned is a path that would come to /v3/v3/... in a request.
var versioned = regexp.MustCompile(`/v3(beta1)?(/+(enterprise|organizations|self)(/.*)?)?/*$`)

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

package explain

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
)

// Error explains an error of the client. action is what failed, as it stands behind
// "Could not": "read the members".
func Error(action string, err error) Message {
	var e *devin.Error
	var scope *devin.ScopeError
	var report *devin.ReportError
	switch {
	case errors.As(err, &scope):
		return scopeFailed(action, scope)
	case errors.Is(err, context.Canceled):
		return Message{"Interrupted", fmt.Sprintf("Terraform was interrupted while the provider was about to %s. Nothing was changed.", action)}
	case errors.As(err, &report):
		return reportFailed(action, report)
	case !errors.As(err, &e):
		return Message{"Could not " + action, err.Error()}
	}
	return failureOf(e).message(action, err)
}

// requestOf is a sentence about the request that failed, and how it was answered.
func requestOf(err error) string {
	var e *devin.Error
	if !errors.As(err, &e) {
		return err.Error() + "."
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s on %s", e.Method, e.Path, e.Host)
	switch {
	case e.Status == 0 && e.Tries > 0:
		b.WriteString(" got no answer")
	case e.Status == 0:
		b.WriteString(" was not sent")
	default:
		fmt.Fprintf(&b, " answered %d", e.Status)
	}
	if said := e.Said(); said != "" {
		fmt.Fprintf(&b, " (%s)", said)
	}
	if cause := errors.Unwrap(e); cause != nil {
		fmt.Fprintf(&b, ": %s", cause)
	}
	if e.Tries > 1 {
		fmt.Fprintf(&b, ", the last of %d tries", e.Tries)
	}
	b.WriteString(".")
	if e.RequestID != "" {
		fmt.Fprintf(&b, " Request id: %s.", e.RequestID)
	}
	return b.String()
}

const notTheKey = "This says nothing about the API key."

// failure is a kind of failed request, and what to do about it.
type failure struct {
	code devin.Code // empty if none applies
	what string
	next string
}

func (f failure) message(action string, err error) Message {
	return Message{coded(f.code, f.what), fmt.Sprintf("Could not %s. %s", action, f.next) + evidence(requestOf(err))}
}

func failureOf(e *devin.Error) failure {
	switch {
	// These statuses come first, since they mean the same whatever the body is, even HTML.
	case TooLong(e):
		return failure{"", requestTooLong, "Devin, or a proxy before it, takes no request as long as this one. " +
			"Shorten the arguments. If none is long, a proxy on the way may add to the request: ask who runs it."}
	case errors.Is(e, devin.ErrInvalidID):
		return failure{"", "An id cannot be part of a request", "The request was not sent, because Devin cannot have an id that is empty, \".\" or \"..\": check the ids in the arguments."}
	case errors.Is(e, devin.ErrProxy), e.Status == http.StatusProxyAuthRequired, e.Status == http.StatusNetworkAuthenticationRequired:
		return unavailable("a proxy answered in place of Devin", "The proxy did not pass the request on: check HTTPS_PROXY, with the user name and password "+
			"that the proxy may want, and NO_PROXY, and whether the network wants a sign-in first.")
	case e.Status == http.StatusPaymentRequired:
		return unavailable("the enterprise's plan does not allow this", "Neither the arguments nor the provider are at fault. "+
			"Ask an administrator of the enterprise to look at its plan and its bills in Devin.")
	case e.Status == http.StatusLocked:
		return unavailable("Devin has locked what was asked for", "Neither the arguments nor the provider are at fault. "+
			"Run again in a while. If it stays locked, ask an administrator of the enterprise or Devin's support what locks it.")
	case e.Status == http.StatusUnavailableForLegalReasons:
		return unavailable("Devin may not answer for legal reasons", "Neither the arguments nor the provider are at fault. "+
			"Ask Devin's support what holds the answer back, for example the country that the request comes from.")
	case errors.Is(e, devin.ErrCursorRefused):
		return unavailable("Devin refused a cursor of its own", "The cursor is of the page before, so the list may have changed while it was read. Run again.")
	case errors.Is(e, devin.ErrUnauthorized):
		return failure{devin.InvalidCredentials, "Devin refused the API key", newKeyAdvice}
	case errors.Is(e, devin.ErrAddressDenied):
		return failure{devin.Forbidden, "Devin denies access to this machine's IP address", ipAdvice}
	case errors.Is(e, devin.ErrForbidden):
		return failure{devin.Forbidden, "Devin denied access", permissionAdvice(e)}
	case errors.Is(e, devin.ErrNotFound):
		return failure{"", "Not found in Devin", "Devin knows no such object, or it is not the Devin API that answers there: check the ids, and api_url if it is set."}
	case errors.Is(e, devin.ErrRejected):
		return failure{"", "Devin rejected the request", "Check the arguments: Devin may have limits that it does not document, such as a longest window. " +
			"If they are right, Devin may have changed its API: look for a newer version of this provider, or report this message."}
	case errors.Is(e, devin.ErrRateLimited):
		return unavailable("Devin asks for fewer requests", rateAdvice(e))
	case errors.Is(e, devin.ErrFilterIgnored):
		return unavailable("Devin ignores a filter", "This deployment of Devin may be older than the filter. "+
			"Until it is newer, leave the filter out, and pick what it would have left from the whole.")
	case errors.Is(e, devin.ErrNotDevin) && e.Status/100 == 2 && !errors.Is(e, devin.ErrHTML):
		return unavailable("the answer is not as Devin documents it",
			"Run again. If it stays so, Devin may have changed its API, or api_url leads to something else: "+
				"look for a newer version of this provider, or report this message.")
	case errors.Is(e, devin.ErrNotDevin):
		return unavailable("the answer does not come from the Devin API",
			"A proxy, a login page or a firewall may have answered in its place: "+
				"check api_url, HTTPS_PROXY and NO_PROXY, and whether this machine may reach the host.")
	case errors.Is(e, devin.ErrCorrupt):
		return unavailable("Devin's answer was corrupted on its way", "It could not be decompressed. Run again. "+
			"If it stays so, look whether a proxy on the way changes answers.")
	case e.Status/100 == 2:
		return unavailable("Devin's answer broke off",
			"The answer began, and then did not end within request_timeout, or was cut off on its way. "+
				"Run again. If it stays so, raise request_timeout in the provider block, "+
				"and look whether a proxy on the way ends long answers.")
	case e.Status/100 == 4:
		return unavailable(fmt.Sprintf("Devin answered %d", e.Status), "The connection failed on its way, and not the request: run again.")
	case e.Status != 0:
		return unavailable(fmt.Sprintf("Devin answered %d", e.Status), waitAdvice(e)+"Run again in a while. Devin's status page lists outages.")
	}
	return unavailable("Devin could not be reached", networkAdvice(e))
}

func unavailable(what, next string) failure {
	return failure{devin.Unavailable, what, next + " " + notTheKey}
}

const requestTooLong = "The request is too long for Devin"

// TooLong reports whether the server refused the length of the URL or of the headers.
func TooLong(err error) bool {
	var e *devin.Error
	return errors.As(err, &e) && (e.Status == http.StatusRequestURITooLong || e.Status == http.StatusRequestHeaderFieldsTooLarge)
}

const ipAdvice = "The enterprise takes requests only from the addresses in its IP access list, and the address that this request came from " +
	"is not in it. " + notTheKey + " Run where the address is in the list, for example behind a proxy set as HTTPS_PROXY, " +
	"or let an administrator of the enterprise add the address to the IP access list in Devin."

// Where things are in Devin.
const (
	enterpriseKey = "a key of an enterprise service user (in Devin: Enterprise settings > Service users)"
	roleOfKey     = "the role of the key's service user (in Devin: Enterprise settings > Roles)"
)

const newKeyAdvice = "The key is wrong, has expired or was revoked. Create " + enterpriseKey +
	", and set it as DEVIN_API_KEY or as api_key in the provider block."

func permissionAdvice(e *devin.Error) string {
	if e.Permission == nil {
		return "Check " + roleOfKey + ". " + unknownKeyAdvice
	}
	return fmt.Sprintf("The endpoint needs the permission %s. Grant it to %s. %s", e.Permission, roleOfKey, unknownKeyAdvice)
}

const unknownKeyAdvice = "Devin also answers 403 to a key or an organization that it does not know: " +
	"data \"devin_connection_check\" shows what the key may do."

func rateAdvice(e *devin.Error) string {
	next := "Run again later, or lower max_concurrent_requests or set requests_per_second in the provider block."
	if e.Limited > 0 {
		next = fmt.Sprintf("A request waits %s (rate_limit_timeout) for another answer, counted from its first 429. ", e.Limited) + next
	}
	return waitAdvice(e) + next
}

// waitAdvice is how long Devin asks to wait; empty where it does not say.
func waitAdvice(e *devin.Error) string {
	if e.RetryAfter == 0 {
		return ""
	}
	return fmt.Sprintf("Devin asks to wait %s. ", e.RetryAfter)
}

func networkAdvice(e *devin.Error) string {
	var dns *net.DNSError
	var host x509.HostnameError
	var invalid x509.CertificateInvalidError
	var authority x509.UnknownAuthorityError
	var verification *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	switch {
	case e.Tries == 0:
		return "The provider gave up before the request was sent."
	case errors.As(e, &dns):
		return fmt.Sprintf("The name %s could not be resolved: check api_url, the machine's DNS, and HTTPS_PROXY if a proxy is needed.", dns.Name)
	case errors.As(e, &host):
		return "The server's certificate is not for this name: check api_url, and whether a proxy on this network answers for the host."
	case errors.As(e, &invalid) && invalid.Reason == x509.Expired:
		return "The server's certificate has expired, or is not valid yet: check this machine's clock. " +
			"If it is right, the certificate of the server, or of a proxy on this network, has to be renewed."
	case errors.As(e, &authority), errors.As(e, &verification):
		return "The server's certificate could not be verified. If a proxy inspects TLS on this network, " +
			"point SSL_CERT_FILE to a file with its certificate authority. Verification cannot be switched off."
	case errors.As(e, &record), errors.Is(e, http.ErrSchemeMismatch):
		return "The server does not speak TLS on this port: check api_url."
	case errors.Is(e, context.DeadlineExceeded):
		return "Run again, or raise request_timeout if the network is slow."
	}
	return "Check the network, api_url, HTTPS_PROXY and NO_PROXY."
}

// scopeFailed explains that Devin refuses the key, or that the key belongs to an organization.
func scopeFailed(action string, scope *devin.ScopeError) Message {
	f := failure{devin.Forbidden, "the API key is of one organization", scopeAdvice(scope.KeyOrgID, scope.AskedOrgID)}
	switch {
	case scope.KeyRefused:
		f = failure{devin.InvalidCredentials, "Devin refused the API key", newKeyAdvice}
	case scope.OfEnterprise:
		f.next = fmt.Sprintf("The key belongs to the organization %s, and Devin allows this to a key of the enterprise only. "+
			"Use %s, or leave this block out.", scope.KeyOrgID, enterpriseKey)
	}
	return f.message(action, scope.Err)
}

// scopeAdvice says what to set when the key of one organization was used for another
// organization, or for the enterprise.
func scopeAdvice(keyOrgID, askedOrgID string) string {
	if askedOrgID != "" {
		return fmt.Sprintf("The key belongs to the organization %s, and org_id is %s. "+
			"Set org_id to the key's organization, or use a key of the organization in org_id or of the enterprise.", keyOrgID, askedOrgID)
	}
	return fmt.Sprintf("The key belongs to the organization %s, and the whole enterprise was to be read. Add the line\n\n"+
		"  org_id = %q\n\n"+
		"to the provider block, or set DEVIN_ORG_ID, to read that organization. "+
		"For the enterprise, use %s.", keyOrgID, keyOrgID, enterpriseKey)
}

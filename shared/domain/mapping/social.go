package mapping

import (
	"net/url"
	"regexp"
	"strings"
)

// Profile is a recognised public profile or web page.
type Profile struct {
	Network string // Ashby's link type
	URL     string // canonical, https, without query
}

// Recognise reads a URL as people paste it: with or without scheme, with www, m.
// or a country in front of the host, with tracking behind it. ok is false for
// what is no public page of a person: an invalid URL, a Sales Navigator or
// Recruiter address, a company's LinkedIn page.
func Recognise(raw string) (p Profile, ok bool) {
	u, ok := parse(raw)
	if !ok {
		return Profile{}, false
	}
	network := networkOf(u.Hostname())
	if network == "LinkedIn" {
		slug, ok := linkedInSlug(u)
		return Profile{network, "https://www.linkedin.com/in/" + slug}, ok
	}
	path := strings.TrimRight(u.EscapedPath(), "/")
	if network != "Website" {
		if path == "" {
			return Profile{}, false // the network's front page is nobody's profile
		}
		query := ""
		if network == "YouTube" && u.Query().Get("v") != "" {
			return Profile{}, false // a video
		}
		return Profile{network, "https://" + canonicalHost(u.Hostname(), network) + path + query}, true
	}
	out := url.URL{Scheme: u.Scheme, Host: strings.ToLower(u.Host), Path: u.Path, RawPath: u.RawPath, RawQuery: u.RawQuery}
	return Profile{network, strings.TrimRight(out.String(), "/")}, true
}

var host = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$`)

const longestURL = 2000

func parse(raw string) (*url.URL, bool) {
	raw = strings.TrimSpace(raw)
	if raw == "" || len(raw) > longestURL || strings.ContainsAny(raw, " \t\r\n<>\"'`\\{}|^") {
		return nil, false
	}
	if !strings.Contains(raw, "://") {
		raw = "https://" + strings.TrimLeft(raw, "/")
	}
	u, err := url.Parse(raw)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.User != nil {
		return nil, false
	}
	return u, host.MatchString(strings.ToLower(u.Hostname()))
}

var networkHosts = map[string]string{
	"linkedin.com": "LinkedIn", "github.com": "GitHub", "twitter.com": "Twitter", "x.com": "Twitter",
	"medium.com": "Medium", "stackoverflow.com": "StackOverflow", "youtube.com": "YouTube", "codepen.io": "CodePen",
}

// prefixed are the networks whose profiles live on hosts with a prefix: www, m.,
// mobile., a country.
func networkOf(h string) string {
	h = strings.ToLower(h)
	for known, network := range networkHosts {
		if h == known || strings.HasSuffix(h, "."+known) && plainPrefix(strings.TrimSuffix(h, "."+known)) {
			return network
		}
	}
	if strings.HasSuffix(h, ".medium.com") {
		return "Medium" // people's own subdomains
	}
	return "Website"
}

var prefix = regexp.MustCompile(`^(www|m|mobile|touch|[a-z]{2})$`)

func plainPrefix(p string) bool { return prefix.MatchString(p) }

func canonicalHost(h, network string) string {
	h = strings.ToLower(h)
	switch network {
	case "Twitter":
		return "twitter.com"
	case "Medium":
		return h
	case "YouTube":
		return "www.youtube.com"
	}
	for known, n := range networkHosts {
		if n == network {
			return known
		}
	}
	return h
}

// linkedInSlug gives the public name of a person's profile; ok is false for
// Sales Navigator, Recruiter, company and every other page.
func linkedInSlug(u *url.URL) (string, bool) {
	parts := strings.Split(strings.Trim(u.Path, "/"), "/")
	if len(parts) < 2 || !strings.EqualFold(parts[0], "in") || parts[1] == "" {
		return "", false
	}
	slug := strings.ToLower(parts[1])
	return url.PathEscape(slug), true
}

package endpoints

import "slices"

// services pairs each variable that names an endpoint with the tool that
// provides it.
var services = []struct {
	variable string
	tool     func() tool
}{
	{"AWS_ENDPOINT_URL_DYNAMODB", dynoxide},
	{"AWS_ENDPOINT_URL_SQS", moto},
	{"AWS_ENDPOINT_URL_SECRETS_MANAGER", moto},
}

// missing gives the tools needed for the endpoints that the environment does not
// name, each once.
func missing(getenv func(string) string) []tool {
	if getenv("AWS_ENDPOINT_URL") != "" {
		return nil
	}
	var wanted []tool
	for _, s := range services {
		t := s.tool()
		same := func(o tool) bool { return o.name == t.name }
		if getenv(s.variable) == "" && !slices.ContainsFunc(wanted, same) {
			wanted = append(wanted, t)
		}
	}
	return wanted
}

// environment gives every variable its value: what was named stays, the rest
// points at what was started. Credentials of the machine never go to an emulator
// we started, and are left alone where the developer chose the endpoints.
func environment(getenv func(string) string, started []tool, children []*child) []string {
	env := []string{"WIRE=required", "AWS_EC2_METADATA_DISABLED=true"}
	for _, s := range services {
		url := getenv(s.variable)
		if url == "" {
			url = getenv("AWS_ENDPOINT_URL")
		}
		if i := slices.IndexFunc(started, func(t tool) bool { return t.name == s.tool().name }); url == "" && i >= 0 {
			url = children[i].url
		}
		env = append(env, s.variable+"="+url)
	}
	defaults := [][2]string{{"AWS_ACCESS_KEY_ID", "test"}, {"AWS_SECRET_ACCESS_KEY", "test"}, {"AWS_SESSION_TOKEN", ""}, {"AWS_REGION", "us-east-1"}}
	chosen := len(started) == 0 && getenv("AWS_ACCESS_KEY_ID") != ""
	for _, d := range defaults {
		value := d[1]
		if chosen && getenv(d[0]) != "" {
			value = getenv(d[0])
		}
		env = append(env, d[0]+"="+value)
	}
	return env
}

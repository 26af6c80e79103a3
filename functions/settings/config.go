package main

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"time"

	awssecrets "github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	awssqs "github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/sourcewhale/ashby-sync/functions/settings/settingshttp"
	"github.com/sourcewhale/ashby-sync/shared/adapter/ashby"
	"github.com/sourcewhale/ashby-sync/shared/adapter/dynamodb"
	"github.com/sourcewhale/ashby-sync/shared/adapter/jwt"
	"github.com/sourcewhale/ashby-sync/shared/adapter/secretsmanager"
	"github.com/sourcewhale/ashby-sync/shared/adapter/sqs"
	"github.com/sourcewhale/ashby-sync/shared/runtime/apigw"
	"github.com/sourcewhale/ashby-sync/shared/runtime/cloud"
	"github.com/sourcewhale/ashby-sync/shared/runtime/env"
)

// settings is the environment, read once. ALLOWED_ORIGINS is not among it: the
// gateway answers for CORS.
type settings struct {
	aws                                   cloud.Environment
	configTable, timelineTable, workQueue string
	candidatesTable                       string
	secretPrefix, intakeSecret            string
	ashbyURL, publicURL                   string
	users                                 bool // whether it is said whom to believe
	jwt                                   jwt.Config
}

func read(getenv func(string) string) (settings, error) {
	r := env.Read(getenv)
	s := settings{
		aws:             cloud.Read(r, cloud.DynamoDB, cloud.SQS, cloud.Secrets),
		configTable:     r.Required("CONFIG_TABLE"),
		timelineTable:   r.Required("TIMELINE_TABLE"),
		candidatesTable: r.Required("CANDIDATES_TABLE"),
		workQueue:       r.URL("WORK_QUEUE_URL", ""),
		secretPrefix:    r.Required("TEAM_SECRET_PREFIX"),
		intakeSecret:    r.Required("INTAKE_SECRET"),
		ashbyURL:        r.URL("ASHBY_BASE_URL", ""),
		publicURL:       r.OptionalURL("PUBLIC_URL"),
		users:           r.AllOrNone("JWT_ISSUER", "JWT_AUDIENCE", "JWKS_URL"),
		jwt: jwt.Config{
			JWKS: r.OptionalURL("JWKS_URL"), Issuer: r.Optional("JWT_ISSUER", ""), Audience: r.Optional("JWT_AUDIENCE", ""), Now: time.Now,
		},
	}
	return s, r.Err()
}

// wire builds the function from its environment.
func wire(_ context.Context, getenv func(string) string, log *slog.Logger) (apigw.Func, error) {
	s, err := read(getenv)
	if err != nil {
		return nil, err
	}
	verifier, verifierErr := s.verifier(log)
	// Only beside emulators of AWS may Ashby be plain HTTP.
	client, clientErr := ashby.New(ashby.Config{BaseURL: s.ashbyURL, AllowHTTP: s.aws.Emulated(), Log: log})
	if err := errors.Join(verifierErr, clientErr, s.plain()); err != nil {
		return nil, err
	}
	rows := dynamodb.Client(s.aws.For(cloud.DynamoDB))
	return apigw.Handler(settingshttp.New(settingshttp.Parts{
		Config:     dynamodb.NewTable(rows, s.configTable, time.Now),
		Timeline:   dynamodb.NewTable(rows, s.timelineTable, time.Now),
		Candidates: dynamodb.NewTable(rows, s.candidatesTable, time.Now),
		Secrets:    secretsmanager.New(awssecrets.NewFromConfig(s.aws.For(cloud.Secrets)), log),
		Work:       sqs.New(awssqs.NewFromConfig(s.aws.For(cloud.SQS)), s.workQueue),

		SecretPrefix: s.secretPrefix, Keyring: s.intakeSecret, Ashby: client, PublicURL: s.publicURL,
		Verify: verifier, Now: time.Now, Log: log,
	})), nil
}

// verifier tells who calls; a deployment that was not told whom to believe
// believes nobody.
func (s settings) verifier(log *slog.Logger) (settingshttp.Verifier, error) {
	if s.users {
		return jwt.New(s.jwt)
	}
	log.Warn("nobody is signed in: " + nobodyKnown)
	return nobody{}, nil
}

// plain refuses keys that anybody on the way could swap; beside emulators nothing
// is worth that.
func (s settings) plain() error {
	if s.users && !s.aws.Emulated() && !strings.HasPrefix(s.jwt.JWKS, "https://") {
		return errors.New("JWKS_URL must be https")
	}
	return nil
}

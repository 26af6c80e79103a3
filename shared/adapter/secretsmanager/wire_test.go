package secretsmanager_test

import (
	"log/slog"
	"os"
	"testing"

	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/credentials"
	awssecrets "github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"github.com/sourcewhale/ashby-sync/shared/adapter/secretsmanager"
	"github.com/sourcewhale/ashby-sync/shared/port/secret/secrettest"
)

// knownOfMoto lists what moto 5.2 does not do as Secrets Manager does.
var knownOfMoto = secrettest.Known{}

func TestSecretsManagerPassesTheSuite(t *testing.T) {
	secrettest.Suite(t, secretsmanager.New(wire(t), slog.New(slog.DiscardHandler)), knownOfMoto)
}

// wire gives a client of the endpoint that the environment names.
func wire(t *testing.T) *awssecrets.Client {
	t.Helper()
	endpoint := os.Getenv("AWS_ENDPOINT_URL_SECRETS_MANAGER")
	if endpoint == "" {
		endpoint = os.Getenv("AWS_ENDPOINT_URL")
	}
	if endpoint == "" {
		if os.Getenv("WIRE") == "required" {
			t.Fatal("no endpoint of Secrets Manager is named: run make test")
		}
		t.Skip("no endpoint of Secrets Manager is named: run make test")
	}
	return awssecrets.New(awssecrets.Options{
		BaseEndpoint: &endpoint, Region: os.Getenv("AWS_REGION"), HTTPClient: awshttp.NewBuildableClient(),
		Credentials: credentials.NewStaticCredentialsProvider(os.Getenv("AWS_ACCESS_KEY_ID"), os.Getenv("AWS_SECRET_ACCESS_KEY"), os.Getenv("AWS_SESSION_TOKEN")),
	})
}

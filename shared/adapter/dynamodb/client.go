package dynamodb

import (
	"net"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	sdk "github.com/aws/aws-sdk-go-v2/service/dynamodb"
)

const (
	dialTimeout = time.Second
	idleConns   = 64 // connections kept to DynamoDB: as many as one function has calls in flight
)

// Client makes a client that leaves retries to this package and gives up on a
// connection early. A client of the caller's own in the configuration is kept.
func Client(cfg aws.Config, options ...func(*sdk.Options)) *sdk.Client {
	return sdk.NewFromConfig(cfg, append([]func(*sdk.Options){func(o *sdk.Options) {
		o.Retryer = aws.NopRetryer{}
		if buildable, ok := o.HTTPClient.(*awshttp.BuildableClient); ok {
			o.HTTPClient = buildable.
				WithDialerOptions(func(d *net.Dialer) { d.Timeout = dialTimeout }).
				WithTransportOptions(func(t *http.Transport) { t.MaxIdleConnsPerHost = idleConns })
		}
	}}, options...)...)
}

package ashbyspec

import (
	"errors"
	"net/url"
	"regexp"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
)

var uuid = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)

// formats are the string formats that the description uses and the library
// does not check on its own.
func formats() []openapi3.SchemaValidationOption {
	return []openapi3.SchemaValidationOption{
		openapi3.WithStringFormatValidator("uuid", format(func(s string) error {
			if !uuid.MatchString(s) {
				return errors.New("not a uuid")
			}
			return nil
		})),
		openapi3.WithStringFormatValidator("uri", format(func(s string) error {
			u, err := url.Parse(s)
			if err != nil || u.Scheme == "" {
				return errors.New("not an absolute uri")
			}
			return nil
		})),
		openapi3.WithStringFormatValidator("date-time", format(func(s string) error {
			_, err := time.Parse(time.RFC3339Nano, s)
			return err
		})),
	}
}

type format func(string) error

func (f format) Validate(s string) error { return f(s) }

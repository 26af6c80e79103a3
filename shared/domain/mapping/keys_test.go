package mapping_test

import (
	"testing"

	"github.com/sourcewhale/ashby-sync/shared/domain/mapping"
)

func TestOneNumberHasOneKeyHoweverItIsSpelt(t *testing.T) {
	for _, raw := range []string{
		"+442079460958", "+44 20 7946 0958", "0044 (20) 7946-0958", "+44 (0)20 7946 0958", "+44(0) 2079460958 ext. 12", "+44 20 7946 0958 x7",
		"tel:+44-20-7946-0958",
	} {
		if key, ok := mapping.PhoneKey(raw); !ok || key != "tel:+442079460958" {
			t.Errorf("%q: %q, %v", raw, key, ok)
		}
	}
	for _, raw := range []string{"", "020 7946 0958", "ext. 12", "+44", "call me", "+12345678901234567"} {
		if key, ok := mapping.PhoneKey(raw); ok {
			t.Errorf("%q is the key %q", raw, key)
		}
	}
}

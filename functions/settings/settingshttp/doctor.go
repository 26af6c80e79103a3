package settingshttp

import (
	"context"
	"net/http"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/connection"
	"github.com/sourcewhale/ashby-sync/shared/usecase/connect"
)

// Diagnosis says what works with the key in use.
type Diagnosis struct {
	CheckedAt *time.Time `json:"checked_at,omitempty" doc:"when Ashby was asked; a minute ago at most, if there is a key"`
	Features  []Feature  `json:"features" doc:"all that depends on what the key may do, the weightiest first"`
	Switches  []Switch   `json:"switches" doc:"choices on Ashby's page of the key that are no permissions"`
}

// Feature is something that the service does, and whether the key lets it.
type Feature struct {
	Feature    string `json:"feature" doc:"for people" example:"Credit candidates to Ashby users"`
	Permission string `json:"permission" example:"organizationRead"`
	Box        string `json:"box" doc:"the box to tick on Ashby's page of the key" example:"Organization: read"`
	Needed     bool   `json:"needed" doc:"the service is of no use without it"`
	Status     string `json:"status" enum:"on,off,unknown"`
	Message    string `json:"message" doc:"what that means and what to do, for people"`
}

// Switch is a choice on Ashby's page of the key, and what is known of it.
type Switch struct {
	Switch  string `json:"switch" enum:"private_fields,confidential"`
	Box     string `json:"box" example:"Allow access to non-offer private fields?"`
	Status  string `json:"status" enum:"on,off,unknown" doc:"unknown: nothing in Ashby shows it, because there is nothing private or confidential, or because the key does not see it"`
	Message string `json:"message" doc:"for people"`
}

func (s *surface) doctorOperations() {
	op := operation("diagnoseConnection", http.MethodGet, "/v1/connection/doctor", "Say feature by feature what the key lets work, and which box to tick", diagnosisExample,
		http.StatusConflict, http.StatusTooManyRequests)
	op.Description = "Asks Ashby, unless that was done within the last minute, by reads and by writes that change nothing. " +
		"What is off is switched off in the service: work that needs it waits, and says so. Without a key everything is unknown."
	register(s.api, op, func(ctx context.Context, _ *struct{}) (*struct{ Body Diagnosis }, error) {
		d, err := s.connect.Diagnose(ctx, who(ctx).Team)
		if err != nil {
			return nil, err
		}
		return &struct{ Body Diagnosis }{diagnosisOf(d)}, nil
	})
}

var grantStatus = map[connection.Grant]string{connection.Granted: "on", connection.Missing: "off", connection.Unknown: "unknown"}

func diagnosisOf(d connect.Diagnosis) Diagnosis {
	out := Diagnosis{CheckedAt: moment(d.CheckedAt), Features: []Feature{}, Switches: []Switch{}}
	for _, f := range d.Features {
		box := f.Needs.Box()
		out.Features = append(out.Features, Feature{
			Feature: f.Name, Permission: string(f.Needs), Box: box, Needed: f.Needed, Status: grantStatus[f.Grant],
			Message: map[connection.Grant]string{
				connection.Granted: "This works.",
				connection.Missing: "Off: tick “" + box + "” for this key in Ashby, then check the connection. Work that needs it waits.",
				connection.Unknown: "Not known: there is no key, or Ashby does not accept it.",
			}[f.Grant],
		})
	}
	for _, s := range d.Switches {
		out.Switches = append(out.Switches, Switch{
			Switch: s.Name, Box: s.Box, Status: grantStatus[s.Grant],
			Message: map[connection.Grant]string{
				connection.Granted: "The key has it.",
				connection.Missing: "Off: " + s.Without + ".",
				connection.Unknown: "Ashby does not tell, and nothing shows it. Without it " + s.Without + ".",
			}[s.Grant],
		})
	}
	return out
}

var diagnosisExample = object{
	"checked_at": "2026-11-23T12:00:00Z",
	"features": []any{
		object{
			"feature": "Write notes, and emails where they are chosen", "permission": "candidatesWrite", "box": "Candidates: write",
			"needed": true, "status": "on", "message": "This works.",
		},
		object{
			"feature": "Credit candidates to Ashby users", "permission": "organizationRead", "box": "Organization: read", "needed": false, "status": "off",
			"message": "Off: tick “Organization: read” for this key in Ashby, then check the connection. Work that needs it waits.",
		},
	},
	"switches": []any{object{
		"switch": "private_fields", "box": "Allow access to non-offer private fields?", "status": "unknown",
		"message": "Ashby does not tell, and nothing shows it. Without it private fields look blank and are not written, and notes cannot be private.",
	}},
}

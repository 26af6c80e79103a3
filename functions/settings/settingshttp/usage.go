package settingshttp

import (
	"context"
	"math"
	"net/http"
	"time"

	"github.com/sourcewhale/ashby-sync/shared/domain/budget"
	"github.com/sourcewhale/ashby-sync/shared/usecase/measure"
)

// Usage is how the team's key is used, and how much work waits for it.
type Usage struct {
	Rate        int        `json:"rate_per_minute" doc:"calls that work may make in a minute now; it begins at 600 and finds its way"`
	Limit       int        `json:"limit_per_minute" doc:"the most it may become"`
	InFlight    int        `json:"in_flight" doc:"calls on their way, as far as known"`
	FlightLimit int        `json:"in_flight_limit" doc:"calls on their way at most, now"`
	Used        int        `json:"used_last_minute"`
	PausedUntil *time.Time `json:"paused_until,omitempty" doc:"Ashby asked to be left alone until then"`
	Throttled   int        `json:"throttled_last_hour" doc:"times that Ashby asked to slow down"`
	Backlog     Backlog    `json:"backlog" doc:"events that are due"`
	Active      bool       `json:"active" doc:"work goes on; false while the connection is paused or needs attention"`
	Forecast    int        `json:"forecast_seconds" doc:"how long what is due takes at the pace of now, from when work goes on; at least that long if there is more than was counted"`
	Interactive Spent      `json:"interactive" doc:"the part of the key that people in the settings use; work does not touch it"`
	AsOf        time.Time  `json:"as_of"`
}

// Backlog counts due events.
type Backlog struct {
	Live int  `json:"live" doc:"replies, marks, edits by hand, and all else that goes first"`
	Bulk int  `json:"bulk" doc:"adds and backfills"`
	More bool `json:"more" doc:"there are more than were counted"`
}

// Spent is a part of the key's budget.
type Spent struct {
	PerMinute int `json:"per_minute"`
	Used      int `json:"used" doc:"in the last minute"`
}

func (s *surface) usageOperations() {
	op := operation("getUsage", http.MethodGet, "/v1/usage", "Show how the key is used, what is due, and when it will be done", usageExample)
	register(s.api, op, func(ctx context.Context, _ *struct{}) (*struct{ Body Usage }, error) {
		u, err := s.measure.Usage(ctx, who(ctx).Team)
		if err != nil {
			return nil, err
		}
		return &struct{ Body Usage }{usageOf(u)}, nil
	})
}

func usageOf(u measure.Usage) Usage {
	return Usage{
		Rate: u.Rate, Limit: u.Limit, InFlight: u.Flying, FlightLimit: u.Flight, Used: u.Used, PausedUntil: moment(u.PausedUntil),
		Throttled: u.Throttled, Backlog: Backlog{u.Live, u.Bulk, u.More}, Active: u.Active,
		Forecast:    int(math.Ceil(u.Forecast.Seconds())),
		Interactive: Spent{budget.ReservePerMinute, u.People}, AsOf: u.At,
	}
}

var usageExample = object{
	"rate_per_minute": 958, "limit_per_minute": 958, "in_flight": 5, "in_flight_limit": 12, "used_last_minute": 951, "throttled_last_hour": 0,
	"backlog": object{"live": 3, "bulk": 4210, "more": false}, "active": true, "forecast_seconds": 594,
	"interactive": object{"per_minute": 60, "used": 2}, "as_of": "2026-11-23T12:00:00Z",
}

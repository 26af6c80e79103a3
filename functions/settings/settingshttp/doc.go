// Package settingshttp is the settings API's HTTP surface: its operations, who may
// call them, what they answer, and one log line for each request.
//
//	GET    /v1/connection               getConnection
//	PUT    /v1/connection               activateConnection   admins
//	POST   /v1/connection/check         checkConnection      admins
//	DELETE /v1/connection               disconnect           admins
//	GET    /v1/settings/team            getTeamSettings
//	PATCH  /v1/settings/team            patchTeamSettings    admins
//	GET    /v1/fields                   listFields
//	POST   /v1/fields                   createField          admins
//	GET    /v1/variables                listVariables
//	GET    /v1/mapping                  getMapping
//	PUT    /v1/mapping                  putMapping           admins
//	POST   /v1/mapping/validate         validateMapping      admins
//	POST   /v1/mapping/defaults         restoreDefaultMapping admins
//	GET    /v1/mapping/history          listMappingHistory
//	POST   /v1/mapping/rollback         rollbackMapping      admins
//	GET    /v1/people/{person}          getPerson
//	GET    /v1/people/{person}/timeline getPersonTimeline
//	POST   /v1/people/{person}/push     pushPerson           members
//	POST   /v1/people/{person}/backfill backfillPerson       admins
//	POST   /v1/people/{person}/hold     holdPerson           admins
//	POST   /v1/people/{person}/release  releasePerson        admins
//	PUT    /v1/people/{person}/link     linkPerson           admins
//	DELETE /v1/people/{person}/link     unlinkPerson         admins
//	POST   /v1/people/{person}/forget   forgetPerson         admins
//	POST   /v1/push                     pushPeople           admins
//	POST   /v1/backfill                 backfillPeople       admins
//	POST   /v1/inbox/{cause}/redrive    redriveCause         admins
//	GET    /v1/jobs                     listJobs
//	GET    /v1/jobs/{job}               getJob
//	DELETE /v1/jobs/{job}               cancelJob            admins
//	GET    /v1/activity                 listActivity
//	GET    /v1/reviews                  listReviews
//	GET    /v1/reviews/{person}         getReview
//	PUT    /v1/reviews/{person}         answerReview         members
//	DELETE /v1/reviews/{person}         undoReview           members
//	GET    /v1/events/{event}           explainEvent
//	POST   /v1/events/{event}/retry     retryEvent           admins
//	POST   /v1/events/retry             retryEvents          admins
//	GET    /v1/inbox                    getInbox
//	GET    /v1/inbox/{cause}            listInboxCause
//	GET    /v1/inbox/{cause}/export     exportInboxCause
//	POST   /v1/preview                  previewEvent         members
//	GET    /v1/search/filters           listFilters
//	POST   /v1/search                   searchCandidates
//	GET    /v1/mirror                   getMirror
//	POST   /v1/mirror/refresh           refreshMirror        admins
//	GET    /v1/health                   getHealth            anybody
//	GET    /v1/openapi.json             this API's description, for anybody
//
// The team is the token's, always: no path, query or body names one, so another
// team's people and events are simply not there. Bodies are read strictly and
// refused with all mistakes at once; nothing that was sent is repeated in an
// answer or a log.
package settingshttp

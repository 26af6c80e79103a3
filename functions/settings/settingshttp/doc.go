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
//	GET    /v1/people/{person}/timeline getPersonTimeline
//	GET    /v1/events/{event}           explainEvent
//	POST   /v1/events/{event}/retry     retryEvent           admins
//	GET    /v1/inbox                    getInbox
//	GET    /v1/inbox/{cause}            listInboxCause
//	GET    /v1/inbox/{cause}/export     exportInboxCause
//	POST   /v1/preview                  previewEvent         members
//	GET    /v1/health                   getHealth            anybody
//	GET    /v1/openapi.json             this API's description, for anybody
//
// The team is the token's, always: no path, query or body names one, so another
// team's people and events are simply not there. Bodies are read strictly and
// refused with all mistakes at once; nothing that was sent is repeated in an
// answer or a log.
package settingshttp

package ashby

import (
	"maps"
	"slices"

	"github.com/sourcewhale/ashby-sync/shared/domain/connection"
)

// endpoint is what this package knows of one method of Ashby's.
type endpoint struct {
	write      bool
	permission connection.Permission
	promise    promise
	law        law // nil: any object will do
}

// promise is what a successful answer must hold to be of use. A success that
// breaks it counts as unreadable: for a write that is ambiguous.
type promise uint8

const (
	nothing promise = iota // the yes is enough
	object                 // results is an object
	record                 // results is an object with a non-empty id
	list                   // results is an array
)

// endpoints are the methods in use, after Ashby's OpenAPI description (the
// "Requires the … permission" line of each). customField.setValue and setValues
// need candidatesWrite, not a hiring-process grant.
var endpoints = map[string]endpoint{
	"apiKey.info": {permission: connection.APIKeysRead, promise: object},

	"candidate.info":            {permission: connection.CandidatesRead, promise: record},
	"candidate.list":            {permission: connection.CandidatesRead, promise: list},
	"candidate.search":          {permission: connection.CandidatesRead, promise: list, law: searchLaw},
	"candidate.listNotes":       {permission: connection.CandidatesRead, promise: list},
	"candidate.listProjects":    {permission: connection.CandidatesRead, promise: list},
	"candidate.create":          {write: true, permission: connection.CandidatesWrite, promise: record, law: createLaw},
	"candidate.update":          {write: true, permission: connection.CandidatesWrite, law: updateLaw},
	"candidate.addTag":          {write: true, permission: connection.CandidatesWrite},
	"candidate.removeTag":       {write: true, permission: connection.CandidatesWrite},
	"candidate.addProject":      {write: true, permission: connection.CandidatesWrite},
	"candidate.createNote":      {write: true, permission: connection.CandidatesWrite, promise: record},
	"candidate.addEmailMessage": {write: true, permission: connection.CandidatesWrite, promise: record},

	"candidateTag.list":   {permission: connection.HiringMetadataRead, promise: list},
	"candidateTag.create": {write: true, permission: connection.HiringMetadataWrite, promise: record},

	"customField.list":      {permission: connection.HiringMetadataRead, promise: list},
	"customField.info":      {permission: connection.HiringMetadataRead, promise: record},
	"customField.create":    {write: true, permission: connection.HiringMetadataWrite, promise: record},
	"customField.setValue":  {write: true, permission: connection.CandidatesWrite},
	"customField.setValues": {write: true, permission: connection.CandidatesWrite},

	"source.list":  {permission: connection.HiringMetadataRead, promise: list},
	"project.list": {permission: connection.CandidatesRead, promise: list},
	"user.list":    {permission: connection.OrganizationRead, promise: list},
	"user.search":  {permission: connection.OrganizationRead, promise: list},

	"webhook.info":   {permission: connection.APIKeysRead, promise: record},
	"webhook.create": {write: true, permission: connection.APIKeysWrite, promise: record},
	"webhook.update": {write: true, permission: connection.APIKeysWrite},
	"webhook.delete": {write: true, permission: connection.APIKeysWrite},
}

// of gives a method's row; a method that is not in the table counts as a write,
// because that is the mistake that costs least.
func of(method string) endpoint {
	e, known := endpoints[method]
	if !known {
		return endpoint{write: true}
	}
	return e
}

// Methods lists the methods in the table, sorted.
func Methods() []string { return slices.Sorted(maps.Keys(endpoints)) }

// Writes reports whether a method changes something at Ashby. An unknown method
// counts as a write.
func Writes(method string) bool { return of(method).write }

// Permission gives the grant that a method needs; empty for an unknown method.
func Permission(method string) connection.Permission { return of(method).permission }

// box names a permission as Ashby's key page does.
func box(p connection.Permission) string {
	for _, use := range connection.Uses() {
		if use.Permission == p {
			return use.Box
		}
	}
	return string(p)
}

package ashbytest

// endpoints are the methods of the API that run here. It is filled once, before
// anything is served.
var endpoints = map[string]endpoint{
	"apiKey.info": {permission: APIKeysRead, serve: apiKeyInfo},

	"candidate.create": {permission: CandidatesWrite, write: true, params: createParams, serve: candidateCreate},
	"candidate.update": {permission: CandidatesWrite, write: true, aboutCandidate: true, params: updateParams, serve: candidateUpdate},
	"candidate.info": {permission: CandidatesRead, aboutCandidate: true, serve: candidateInfo, params: []param{
		{name: "id", kind: id}, {name: "externalMappingId"},
	}},
	"candidate.list": {permission: CandidatesRead, serve: candidateList, params: paging(
		param{name: "createdAfter", kind: whole}, param{name: "createdBefore", kind: whole},
	)},
	"candidate.search": {permission: CandidatesRead, serve: candidateSearch, params: []param{{name: "email"}, {name: "name"}}},
	"candidate.addTag": {permission: CandidatesWrite, write: true, aboutCandidate: true, serve: addTag, params: []param{
		{name: "candidateId", kind: id, required: true}, {name: "tagId", kind: nonBlank, required: true},
	}},
	"candidate.removeTag": {permission: CandidatesWrite, write: true, aboutCandidate: true, strict: true, serve: removeTag, params: []param{
		{name: "candidateId", kind: id, required: true}, {name: "tagId", kind: id, required: true},
	}},
	"candidate.addProject": {permission: CandidatesWrite, write: true, aboutCandidate: true, serve: addProject, params: []param{
		{name: "candidateId", kind: id, required: true}, {name: "projectId", kind: id, required: true},
	}},
	"candidate.listProjects": {permission: CandidatesRead, aboutCandidate: true, serve: projectsOf, params: paging(
		param{name: "candidateId", kind: id, required: true},
	)},
	"candidate.createNote": {permission: CandidatesWrite, write: true, aboutCandidate: true, params: noteParams, serve: createNote},
	"candidate.listNotes": {permission: CandidatesRead, aboutCandidate: true, serve: listNotes, params: paging(
		param{name: "candidateId", kind: id, required: true},
	)},
	"candidate.addEmailMessage": {permission: CandidatesWrite, write: true, aboutCandidate: true, strict: true, params: emailParams, serve: addEmailMessage},

	"candidateTag.create": {permission: HiringProcessMetadataWrite, write: true, serve: tagCreate, params: []param{{name: "title", kind: nonBlank, required: true}}},
	"candidateTag.list":   {permission: HiringProcessMetadataRead, serve: tagList, params: paging(param{name: "includeArchived", kind: flag})},

	"customField.list":      {permission: HiringProcessMetadataRead, serve: fieldList, params: paging(param{name: "includeArchived", kind: flag})},
	"customField.info":      {permission: HiringProcessMetadataRead, serve: fieldInfo, params: []param{{name: "customFieldId", kind: id, required: true}}},
	"customField.create":    {permission: HiringProcessMetadataWrite, write: true, params: fieldCreateParams, serve: fieldCreate},
	"customField.setValue":  {permission: CandidatesWrite, write: true, aboutCandidate: true, params: setValueParams, serve: setValue},
	"customField.setValues": {permission: CandidatesWrite, write: true, aboutCandidate: true, params: setValuesParams, serve: setValues},

	"source.list":  {permission: HiringProcessMetadataRead, serve: sourceList, params: []param{{name: "includeArchived", kind: flag}}},
	"user.list":    {permission: OrganizationRead, serve: userList, params: paging(param{name: "includeDeactivated", kind: flag})},
	"user.search":  {permission: OrganizationRead, serve: userSearch, params: []param{{name: "email", required: true}}},
	"project.list": {permission: CandidatesRead, serve: projectList, params: paging(param{name: "createdAfter", kind: whole})},

	"webhook.create": {permission: APIKeysWrite, write: true, params: webhookCreateParams, serve: webhookCreate},
	"webhook.info":   {permission: APIKeysRead, serve: webhookInfo, params: []param{{name: "webhookId", kind: id, required: true}}},
	"webhook.update": {permission: APIKeysWrite, write: true, params: webhookUpdateParams, serve: webhookUpdate},
	"webhook.delete": {permission: APIKeysWrite, write: true, serve: webhookDelete, params: []param{{name: "webhookId", kind: id, required: true}}},
}

// Package secretsmanager keeps secrets in AWS Secrets Manager.
//
// A version is Secrets Manager's version: its id is the ClientRequestToken of the
// call that stores it, which makes storing repeatable. The current version is the
// one staged AWSCURRENT. Secrets Manager keeps AWSCURRENT and AWSPREVIOUS for
// sure; versions older than those may go when there are about a hundred.
package secretsmanager

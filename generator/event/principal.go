package event

// The service principals that call functions or act for their events. They are
// the same in every partition.
//
// https://docs.aws.amazon.com/lambda/latest/dg/lambda-services.html
const (
	apiGatewayService  = "apigateway.amazonaws.com"
	configService      = "config.amazonaws.com"
	eventBridgeService = "events.amazonaws.com"
	schedulerService   = "scheduler.amazonaws.com"
	snsService         = "sns.amazonaws.com"
)

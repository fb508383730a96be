// MartletBroker

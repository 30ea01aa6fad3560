"""ONVIF (Profile S): what the centre asks of cameras that speak it, over SOAP."""

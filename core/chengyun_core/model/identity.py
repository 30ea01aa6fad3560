"""Identities as distinct types, so that a vital's number is never taken for a channel's."""

from typing import NewType

VitalNumber = NewType("VitalNumber", int)
"""uint32 given by the centre, dense from 0, never reused: the index of every column a console keeps."""
ChannelNumber = NewType("ChannelNumber", int)
"""uint32 given by the centre, never reused; a device series owns a contiguous range of them."""
AlarmNumber = NewType("AlarmNumber", int)
"""Number of an alarm (one life from raise to returned and acknowledged), dense per centre."""
ChangeNumber = NewType("ChangeNumber", int)
"""Number of a journal row; dense per centre, starting at 1."""
CatalogueVersion = NewType("CatalogueVersion", int)
"""Version of the catalogue; frames and activations name the one they were made with. 0 means none yet."""
AccountName = NewType("AccountName", str)
SeatCode = NewType("SeatCode", str)
PostCode = NewType("PostCode", str)
CentreCode = NewType("CentreCode", str)
CommandId = NewType("CommandId", str)
"""Made by the client (uuid4 hex); the same id gets the same answer (RF24)."""
SessionToken = NewType("SessionToken", str)

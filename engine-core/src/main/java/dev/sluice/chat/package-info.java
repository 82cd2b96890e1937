/**
 * Conversations to prompts, replies to lanes. {@link dev.sluice.chat.ChatTemplate} runs the template that the model file
 * brings; {@link dev.sluice.chat.ReplyLanes} tells thinking from answer. Knows neither tokens nor models.
 */
package dev.sluice.chat;
